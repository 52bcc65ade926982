from django.db import models

from .kinds import BITS
from .sync import list_entries, sync_entries, touch, writing


class ListOwner(models.Model):
    """A record with a list of its own. Where entries show something of it, saving it derives them anew."""

    list_code: int
    shown_by_entries: tuple[str, ...] = ()

    class Meta:
        abstract = True

    @property
    def list_number(self) -> int:
        return self.number_of_list(self.pk)

    @classmethod
    def number_of_list(cls, pk: int) -> int:
        return pk << BITS | cls.list_code

    def save(self, *args, **kwargs):
        with writing():
            before = self._shown()
            super().save(*args, **kwargs)
            if before not in (None, self._shown()):
                sync_entries(list_entries(self.list_number))
            touch([self.list_number])

    def delete(self, *args, **kwargs):
        with writing():
            entries = list_entries(self.list_number)
            result = super().delete(*args, **kwargs)
            sync_entries(entries)
        return result

    def _shown(self):
        if self.pk is None or not self.shown_by_entries:
            return None
        rows = type(self)._base_manager.filter(pk=self.pk)
        return rows.values_list(*self.shown_by_entries).first()
