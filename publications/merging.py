"""Several authors who are one: what leads to any of them leads to the one who stays, in one transaction."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.db.models.functions import Cast
from django.utils import translation
from django.utils.translation import gettext as _

from research_hub.activity.kinds import KINDS, Kind
from research_hub.activity.sync import sync_entries, touch, writing
from research_hub.editorial import audit
from research_hub.editorial.history import Revision
from research_hub.languages.models import OldSlug
from research_hub.languages.text import LANGUAGES
from research_hub.media.ordered import InOrder

from .models import Author

MOST = 12  # authors at once
TEXTS = ["name", "sort_name", "role_en", "role_es", "bio_en", "bio_es", "affiliation", "orcid", "photo", "slug", "user"]
BATCH = 200

# The columns that hold entries as data, by their model: there too an author is named by number.
KEPT_AS_DATA: dict[type[models.Model], str] = {Revision: "snapshot"}


def merge(stays: int, goes: set[int], chosen: dict[str, int], *, by, request=None) -> Author:
    """Let one author stand for all, with the texts of those who are `chosen` for them; the others are gone for good.

    Raises ValidationError where that cannot be.
    """
    with writing():
        authors = Author.objects.select_for_update().in_bulk({stays, *goes})
        refuse_unfit(authors, {stays, *goes})
        kept, gone = authors[stays], [authors[pk] for pk in sorted(goes)]
        before = {str(author.pk): f"{author.name} · {author.slug}" for author in gone}
        spellings = dict.fromkeys([*kept.variants, *(w for a in [kept, *gone] for w in [a.name, *a.variants])])
        taken = {name: getattr(authors[chosen.get(name, stays)], attname(name)) for name in TEXTS}
        entries = [entry for model, field in rows_of_authors() for entry in move_rows(model, field, kept.pk, goes)]
        rewrite_data(kept.pk, goes)
        lead_on(kept, gone, taken["slug"])
        Author.objects.filter(pk__in=goes).delete()
        for name, value in taken.items():
            setattr(kept, attname(name), value)
        kept.variants = [words for words in spellings if words != kept.name]
        with translation.override(settings.LANGUAGE_CODE):
            kept.save()
        sync_entries(entries)
        touch([author.list_number for author in [kept, *gone]])
        audit.record("merge", by=by, subject=kept, request=request, merged=before, entries=len(set(entries)))
    return kept


def refuse_unfit(authors: dict[int, Author], wanted: set[int]) -> None:
    if len(authors) < len(wanted):
        raise ValidationError(_("One of them is gone by now: choose again."))
    if not 1 < len(authors) <= MOST:
        raise ValidationError(_("Choose from two to %d authors.") % MOST)
    if len({author.orcid for author in authors.values()} - {""}) > 1:
        raise ValidationError(
            _("Their ORCIDs differ: they are different people. Where one is wrong, correct it first.")
        )


def attname(name: str) -> str:
    return Author._meta.get_field(name).attname


def rows_of_authors() -> Iterator[tuple[type[models.Model], str]]:
    """Whatever leads to an author: the model and its column."""
    for relation in Author._meta.get_fields(include_hidden=True):
        if relation.auto_created and relation.one_to_many:
            yield relation.related_model, relation.field.name


def owner_of(model) -> models.ForeignKey | None:
    """The column by which a row in its place belongs to an entry; None where it is no such row."""
    if not issubclass(model, InOrder):
        return None
    return next(f for f in model._meta.fields if f.is_relation and f.remote_field.on_delete is models.CASCADE)


def move_rows(model, field: str, kept: int, goes: set[int]) -> list[tuple[Kind, int]]:
    """Let the rows lead to the one who stays; returns the entries they belong to."""
    rows = model._base_manager.filter(**{f"{field}__in": goes})
    owner = owner_of(model)
    if owner is None:
        rows.update(**{field: kept})
        return []
    pks = set(rows.values_list(owner.attname, flat=True))
    of_all = model.objects.filter(**{f"{owner.name}__in": pks, f"{field}__in": {kept, *goes}}).in_order()
    stored = list(of_all.values())
    columns = [owner.attname, *(f"{name}_id" if name == field else name for name in model.same_by[0])]
    wanted = {row["id"]: row for row in united(stored, f"{field}_id", kept, goes, columns)}
    of_all.exclude(pk__in=wanted).delete()
    changed = [model(**wanted[row["id"]]) for row in stored if row["id"] in wanted and wanted[row["id"]] != row]
    names = [f.name for f in model._meta.concrete_fields if not f.primary_key and f is not owner]
    model.objects.bulk_update(changed, names, batch_size=BATCH)
    kind = KINDS[owner.related_model._meta.model_name]
    return [(kind, pk) for pk in sorted(pks)]


def united(rows: Iterable[dict], field: str, kept: int, goes: set[int], columns: Iterable[str]) -> list[dict[str, Any]]:
    """The rows in order, with all these authors as one: of those that became the same the first stays, and takes from
    the others what it lacks."""
    met: dict[tuple, dict[str, Any]] = {}
    for row in rows:
        moved = row | {field: kept} if row[field] in goes else row
        same = met.setdefault(tuple(moved[name] for name in columns), dict(moved))
        same.update({name: value for name, value in moved.items() if same[name] == "" and value})
    return list(met.values())


# What was kept as data


def rewrite_data(kept: int, goes: set[int]) -> None:
    """Let versions, too, speak of the one who stays: brought back or compared, they find somebody."""
    for model, column in KEPT_AS_DATA.items():
        told = Q(*(Q(words__contains=f'"author": {pk}{end}') for pk in goes for end in ",}"), _connector=Q.OR)
        found = model._base_manager.annotate(words=Cast(column, models.TextField())).filter(told)
        for pks in in_batches(list(found.values_list("pk", flat=True))):
            records = list(model._base_manager.filter(pk__in=pks).only(column))
            for record in records:
                setattr(record, column, of_one(getattr(record, column), kept, goes))
            model._base_manager.bulk_update(records, [column])


def in_batches(pks: list) -> Iterator[list]:
    for start in range(0, len(pks), BATCH):
        yield pks[start : start + BATCH]


def of_one(snapshot: dict, kept: int, goes: set[int]) -> dict:
    rows = dict(snapshot["rows"])
    for model, field in rows_of_authors():
        if owner := owner_of(model):
            name = owner.remote_field.get_accessor_name()
            if name in rows:
                rows[name] = united(rows[name], field, kept, goes, model.same_by[0])
    return snapshot | {"rows": rows}


# Addresses


def lead_on(kept: Author, gone: list[Author], slug: str) -> None:
    """Every address that any of them has or had leads to the one who stays, at this slug."""
    old = OldSlug.objects.filter(model=Author._meta.label_lower)
    old.filter(record__in=[author.pk for author in gone]).update(record=kept.pk)
    old.filter(slug=slug).delete()
    for author in [kept, *gone]:
        if author.slug == slug:
            continue
        for language in LANGUAGES:
            there = {"model": Author._meta.label_lower, "language": language, "slug": author.slug}
            OldSlug.objects.update_or_create(**there, defaults={"record": kept.pk})
