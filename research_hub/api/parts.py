"""The parts that everything in the API is made of: texts, addresses, dates, links."""

from django.urls import reverse

from research_hub.activity.dates import PartialDate, Precision, print_date
from research_hub.editorial.structured import everywhere
from research_hub.languages.addresses import absolute
from research_hub.languages.text import LANGUAGES, clean_html

from .door import PATH


def both(make) -> dict:
    """What `make` gives for each language; null for nothing."""
    return {language: make(language) or None for language in LANGUAGES}


def text(record, field: str) -> dict:
    return both(lambda language: getattr(record, f"{field}_{language}"))


def rich(record, field: str) -> dict:
    return both(lambda language: clean_html(getattr(record, f"{field}_{language}") or ""))


def page_of(record) -> dict:
    return both(lambda language: language in record.written_in and absolute(record.get_absolute_url(language)))


def beside(addresses: dict, file: str) -> dict:
    """The addresses of a file beside a page."""
    return both(lambda language: addresses[language] and addresses[language] + file)


def at(*parts: str) -> str:
    """The address of something in the API."""
    return absolute(PATH + "/".join(parts))


def permanent(uid: str) -> str:
    return absolute(reverse("entry_by_uid", args=[uid]))


def date_told(date: PartialDate) -> dict:
    return {
        "iso": date.iso(),
        "first": date.lo,
        "last": date.hi,
        "precision": Precision(date.precision).name.lower(),
        "text": both(lambda language: date.lo and print_date(date, language)),
    }


COLLECTIONS = {"topic": "topics", "region": "regions", "author": "authors", "series": "series"}


def link(record) -> dict:
    """To a topic, a place or a series."""
    return {"name": text(record, "name"), "page": page_of(record), "api": at_owner(record)}


def at_owner(record) -> str:
    return at(COLLECTIONS[record._meta.model_name], record.slug_in(LANGUAGES[0]))


def image(found) -> dict | None:
    if found is None:
        return None
    return {
        "url": everywhere(found.file.url),
        "alt": text(found, "alt"),
        "width": found.width,
        "height": found.height,
        "credit": found.credit or None,
    }
