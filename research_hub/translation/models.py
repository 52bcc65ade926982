"""An entry in two languages: whatever is written to it, where its texts stand is written with it."""

from research_hub.activity.kinds import KINDS
from research_hub.activity.sync import writing
from research_hub.editorial.models import Entry, EntryQuerySet

from .glossary import Term
from .memory import Segment, SegmentKey, SegmentUse
from .reads import CountedLog, Reads
from .states import sync, sync_all_of
from .tasks import Draft, Stage, State, Tally, Task, Unit, Verdict, texts_of

__all__ = [
    "CountedLog",
    "Draft",
    "Reads",
    "Segment",
    "SegmentKey",
    "SegmentUse",
    "Stage",
    "State",
    "Tally",
    "Task",
    "Term",
    "TranslatedEntry",
    "TranslatedEntryQuerySet",
    "Unit",
    "Verdict",
]


class TranslatedEntryQuerySet(EntryQuerySet):
    def update(self, **values):
        if not values.keys() & watched(self.model):
            return super().update(**values)
        with writing():
            entries = self.mains()
            changed = super().update(**values)
            sync(KINDS[self.model._meta.model_name], entries)
        return changed

    update.alters_data = True

    def delete(self):
        with writing():
            entries = self.mains()
            result = super().delete()
            sync(KINDS[self.model._meta.model_name], entries)
        return result

    delete.alters_data = True
    delete.queryset_only = True

    def bulk_create(self, objs, *args, **options):
        with writing():
            made = super().bulk_create(objs, *args, **options)
            sync_all_of(made)
        return made

    def bulk_update(self, objs, *args, **options):
        with writing():
            changed = super().bulk_update(objs, *args, **options)
            sync_all_of(objs)
        return changed

    def mains(self) -> set[int]:
        """The keys of the entries themselves, also where the rows are working copies."""
        return {revises or pk for pk, revises in self.values_list("pk", "revises_id")}


def watched(model) -> set[str]:
    """The columns that decide where a translation stands."""
    texts = {f"{name}_{language}" for name in texts_of(model) for language in Entry.Language.values}
    return texts | texts_of(model).keys() | {
        "status", "source_language", "revises", "revises_id", "type", "type_id",
    }  # fmt: skip


def is_watched(entry, columns) -> bool:
    """Whether writing these columns, None for all of them, can change where a translation stands."""
    return columns is None or bool(watched(type(entry)) & set(columns))


class TranslatedEntry(Entry):
    objects = TranslatedEntryQuerySet.as_manager()

    class Meta(Entry.Meta):
        abstract = True

    def save(self, *args, **kwargs):
        with writing():
            super().save(*args, **kwargs)
            if is_watched(self, kwargs.get("update_fields")):
                sync_all_of([self])

    def delete(self, *args, **kwargs):
        with writing():
            kind, main = KINDS[self._meta.model_name], self.revises_id or self.pk
            result = super().delete(*args, **kwargs)
            sync(kind, [main])
        return result
