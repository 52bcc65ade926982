"""The pages of the translation desk, as an editor asks for them."""

import statistics
import time

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse

from research_hub.translation.models import Task
from topics.models import Topic

TIMES = 5


def desk() -> dict[str, float]:
    """Milliseconds that each page takes."""
    client = editor()
    queue, first = reverse("admin:translation"), Topic.objects.order_by("pk").first()
    pages = {
        "the queue": queue,
        "the queue, far back": far_back(client, queue),
        "the queue, most read first": f"{queue}?order=reads",
        "the queue of the biggest topic": f"{queue}?topic={first.pk}",
        "missing summaries": f"{queue}?state=missing&text=summary",
        "a word in a title": f"{queue}?q=drought",
        "what comes next": reverse("admin:translation_next"),
        "progress": reverse("admin:translation_progress"),
        "side by side": reverse("admin:translation_text", args=[Task.objects.latest("pk").uid]),
    }
    return {name: measured(client, url) for name, url in pages.items()}


def far_back(client: Client, queue: str) -> str:
    """Its page 100, or the tenth or first where it is shorter."""
    pages = [f"{queue}?page={number}" for number in (100, 10, 1)]
    return next(page for page in pages if client.get(page).status_code == 200)


def editor() -> Client:
    user = get_user_model().objects.create_user("the-editor", is_staff=True)
    user.groups.add(Group.objects.get(name="editor"))
    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(user)
    return client


def measured(client: Client, url: str) -> float:
    response = client.get(url)
    if response.status_code not in (200, 302):
        raise RuntimeError(f"{url}: {response.status_code}")
    return statistics.median(once(client, url) for _ in range(TIMES))


def once(client: Client, url: str) -> float:
    start = time.perf_counter()
    client.get(url)
    return (time.perf_counter() - start) * 1e3
