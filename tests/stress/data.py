"""`python -m tests.stress.data COMMAND`: what is in the database, for who stands outside of it. Prints JSON."""

import json
import sys
from datetime import UTC, datetime, timedelta
from io import StringIO

import django
import time_machine

django.setup()

from django.conf import settings  # noqa: E402
from django.contrib.auth import get_user_model  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.utils import timezone  # noqa: E402

from publications.models import Publication  # noqa: E402
from research_hub.demonstration.load import load_demonstration  # noqa: E402
from research_hub.editorial.models import Revision  # noqa: E402
from research_hub.media.models import Image  # noqa: E402
from tests.factories import make_author, make_publication, make_topic  # noqa: E402
from tests.stress.visitors import PASSWORD  # noqa: E402
from topics.models import Topic  # noqa: E402


def prepare(editors: str) -> dict:
    """The demonstration, and for each editor an account and a publication of their own."""
    load_demonstration()
    topic = make_topic("Stress")
    users = get_user_model().objects
    made = {}
    for number in range(int(editors)):
        name = f"editor-{number}"
        users.create_superuser(name, f"{name}@example.org", PASSWORD)
        made[name] = make_publication(f"Stress {name} 0", topics=[topic]).pk
    entries = Publication.objects.filter(status="published")[:30]
    return {"editors": made, "paths": [entry.get_absolute_url(code) for entry in entries for code in ("en", "es")]}


def titles() -> list[str]:
    """Every title that was ever stored for a publication, and what is said of every picture."""
    found = [snapshot["fields"]["title_en"] for snapshot in Revision.objects.values_list("snapshot", flat=True)]
    return [*found, *Image.objects.values_list("alt_en", flat=True)]


def public(pk: str) -> str:
    """The title that readers meet."""
    return Publication.objects.get(pk=pk).title_en


def over_a_change_of_clocks() -> dict:
    """What is set for moments around both changes of the clocks comes out at its moment, neither before nor twice."""
    wrong, told, author = [], 0, make_author("Clock")
    zone = timezone.get_default_timezone()
    for year, month, day in ((2026, 3, 8), (2026, 11, 1)):
        begin = datetime(year, month, day, tzinfo=zone).astimezone(UTC)
        moments = [begin + timedelta(minutes=30 * step) for step in range(8)]
        with time_machine.travel(begin - timedelta(days=1)):
            user, whole = get_user_model().objects.first(), {"topics": [Topic.objects.first()], "authors": [author]}
            entries = [make_publication(f"Clock {moment}", published=False, **whole) for moment in moments]
            for entry, moment in zip(entries, moments, strict=True):
                entry.status, entry.publish_at, entry.scheduled_by = Publication.Status.APPROVED, moment, user
                entry.save()
        for place, moment in enumerate(moments):
            with time_machine.travel(moment + timedelta(seconds=1)):
                call_command("publish_due", stdout=StringIO(), stderr=StringIO())
            public = Publication.objects.filter(pk__in=[e.pk for e in entries], status="published").count()
            told += 1
            if public != place + 1:
                wrong.append(f"{moment}: {public} of {place + 1}")
    return {"told": told, "wrong": wrong, "zone": settings.TIME_ZONE}


COMMANDS = {"prepare": prepare, "titles": titles, "public": public, "clocks": over_a_change_of_clocks}

if __name__ == "__main__":
    command, *arguments = sys.argv[1:]
    print(json.dumps(COMMANDS[command](*arguments)))
