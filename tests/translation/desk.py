"""How the tests use the translation desk: as its pages do."""

from bs4 import BeautifulSoup
from django.urls import reverse
from django.utils import translation

from research_hub.translation.models import Unit


def page_of(entry, language="en", name="translation_text"):
    with translation.override(language):
        return reverse(f"admin:{name}", args=[entry.uid] if entry else [])


def fields(page) -> dict[str, str]:
    """What the form of a page of two columns would send if nobody touched it."""
    form = BeautifulSoup(page.content, "html.parser").select_one("#translation_form")
    sent = {}
    for box in form.select("input[name], textarea[name], select[name]"):
        if box.get("type") in ("submit", "checkbox") and not box.has_attr("checked"):
            continue
        if box.name == "select":
            chosen = box.select_one("option[selected]")
            sent[box["name"]] = chosen["value"] if chosen else ""
        else:
            sent[box["name"]] = box.get_text().removeprefix("\n") if box.name == "textarea" else box.get("value", "")
    return sent


def send(client, entry, do, language="en", opened=None, **typed):
    """Open the page, type, and press a button; `summary="…"` types into that text."""
    address = page_of(entry, language)
    sent = opened if opened is not None else fields(client.get(address))
    words = {f"{field}-words": text for field, text in typed.items() if f"{field}-words" in sent}
    rest = {name: value for name, value in typed.items() if f"{name}-words" not in sent}
    return client.post(address, sent | words | rest | {"do": do})


def states(entry) -> dict[str, str]:
    return dict(Unit.objects.filter(task__uid=entry.main.uid).values_list("field", "state"))
