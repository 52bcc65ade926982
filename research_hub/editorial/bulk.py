"""Many new entries at once, each from its snapshot: in a fixed number of queries, however many there are."""

from collections import defaultdict

from django.conf import settings
from django.db import models
from django.utils import timezone, translation

from research_hub.languages.slugs import give_slugs

from .history import Revision
from .versions import Snapshot, existing, fill, links, own_fields, row_fields, row_sets, snapshot_of

BATCH = 200  # rows of a statement


def create(model: type[models.Model], snapshots: list[Snapshot], *, step: str, by) -> list:
    """Drafts of one model, as these snapshots say, each with its first version; what they refer to must be there.

    Raises IntegrityError where two would have what only one may have.
    """
    fields = own_fields(model())
    there = existing(fields, [snapshot["fields"] for snapshot in snapshots])
    entries = [model(created_by=by, updated_by=by) for _snapshot in snapshots]
    for entry, snapshot in zip(entries, snapshots, strict=True):
        fill(entry, fields, snapshot["fields"], there)
        entry.tidy()
    give_slugs(entries, model.named_by)
    with translation.override(settings.LANGUAGE_CODE):  # as at every save: else another language fills the base column
        model.objects.bulk_create(entries, batch_size=BATCH)
    hung = hang_rows(model, entries, snapshots)
    tie_links(model, entries, snapshots)
    Revision.objects.bulk_create(
        (
            first_version(entry, snapshot_of(entry, snapshot["links"], hung[entry.pk]), step, by)
            for entry, snapshot in zip(entries, snapshots, strict=True)
        ),
        batch_size=BATCH,
    )
    return entries


def hang_rows(model, entries: list, snapshots: list[Snapshot]) -> dict[int, dict[str, list]]:
    """Store the rows of all; returns those of each entry by their names."""
    hung: dict[int, dict[str, list]] = defaultdict(dict)
    for name, relation in row_sets(model()).items():
        fields, made = row_fields(model(), relation), []
        wanted = [row for snapshot in snapshots for row in snapshot["rows"].get(name, [])]
        there = existing(fields, wanted)
        for entry, snapshot in zip(entries, snapshots, strict=True):
            hung[entry.pk][name] = []
            for values in snapshot["rows"].get(name, []):
                row = relation.related_model(**{relation.field.name: entry})
                fill(row, fields, values, there)
                hung[entry.pk][name].append(row)
                made.append(row)
        relation.related_model.objects.bulk_create(made, batch_size=BATCH)
    return hung


def tie_links(model, entries: list, snapshots: list[Snapshot]) -> None:
    for name in links(model()):
        field = model._meta.get_field(name)
        own, theirs = field.m2m_column_name(), field.m2m_reverse_name()
        field.remote_field.through.objects.bulk_create(
            (
                field.remote_field.through(**{own: entry.pk, theirs: key})
                for entry, snapshot in zip(entries, snapshots, strict=True)
                for key in snapshot["links"].get(name, [])
            ),
            batch_size=BATCH,
        )


def first_version(entry, snapshot: Snapshot, step: str, by) -> Revision:
    return Revision(
        uid=entry.uid,
        number=1,
        model=entry._meta.label_lower,
        title=str(entry),
        made_at=timezone.now(),
        made_by=by,
        step=step,
        status=entry.status,
        snapshot=snapshot,
    )
