"""Topics, places, authors and series: the records that have lists of their own."""

from urllib.parse import urlencode

from django.db.models import QuerySet
from django.utils import translation
from django.utils.translation import gettext as _

from publications.models import Author, Series
from research_hub.activity.selection import list_sizes
from research_hub.languages.addresses import absolute
from research_hub.languages.keys import is_number
from research_hub.languages.text import LANGUAGES
from topics.models import Region, Topic

from .door import Refused
from .parts import at, at_owner, both, image, link, page_of, rich, text

SIZE = 100


def topic_told(topic: Topic) -> dict:
    return {"intro": rich(topic, "intro"), "parent": link(topic.parent) if topic.parent else None}


def region_told(region: Region) -> dict:
    parent = link(region.parent) if region.parent else None
    return {"kind": region.kind, "code": region.code or None, "parent": parent}


def series_told(series: Series) -> dict:
    return {"description": rich(series, "description")}


def author_told(author: Author) -> dict:
    return {
        "kind": author.kind,
        "role": text(author, "role"),
        "bio": rich(author, "bio"),
        "affiliation": author.affiliation or None,
        "orcid": author.orcid or None,
        "photo": image(author.photo),
    }


TOLD = {Topic: topic_told, Region: region_told, Series: series_told, Author: author_told}
BESIDE = {Topic: ["parent"], Region: ["parent"], Series: [], Author: ["photo"]}


def rows_of(model) -> QuerySet:
    return model.objects.select_related(*BESIDE[model]) if BESIDE[model] else model.objects.all()


def owner_told(model, slug: str, lang: str) -> dict:
    with translation.override(lang):
        owner = rows_of(model).at(slug)
        if owner is None:
            raise Refused(404, {"": _("There is no “%(slug)s”.") % {"slug": slug}})
    return told([owner])[0]


def owners_told(model, after: str, path: str, lang: str) -> dict:
    """In the order in which they were made, which does not change while somebody reads on."""
    with translation.override(lang):
        owners = list(rows_of(model).filter(pk__gt=number_of(after)).order_by("pk")[: SIZE + 1])
    query = (
        ({"lang": lang} if lang != LANGUAGES[0] else {}) | {"after": str(owners[SIZE - 1].pk)} if owners[SIZE:] else {}
    )
    return {"next": absolute(f"{path}?{urlencode(query)}") if query else None, "items": told(owners[:SIZE])}


def number_of(after: str) -> int:
    if not after:
        return 0
    if not is_number(after, digits=15):
        raise Refused(422, {"after": _("Follow the address that the part before gives as its “next”.")})
    return int(after)


def told(owners: list) -> list[dict]:
    sizes = list_sizes(owner.list_number for owner in owners)
    return [
        {
            "name": name_of(owner),
            "slug": both(owner.slug_in),
            "count": sizes[owner.list_number],
            "entries": f"{at('entries')}?{urlencode({owner._meta.model_name: owner.slug_in(LANGUAGES[0])})}",
            "page": page_of(owner),
            "api": at_owner(owner),
        }
        | TOLD[type(owner)](owner)
        for owner in owners
    ]


def name_of(owner) -> dict:
    """That of a person is the same in both languages."""
    return both(lambda language: owner.name) if isinstance(owner, Author) else text(owner, "name")
