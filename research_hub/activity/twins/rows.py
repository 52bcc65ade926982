"""The entries of a list as its twins tell of them."""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time
from typing import NamedTuple

from django.urls import reverse

from research_hub.languages.addresses import absolute

from ..cards import as_text, read_card
from ..dates import Precision
from ..models import Activity

COLUMNS = ("sort_key", "uid", "kind", "object_id", "first_day", "last_day", "precision", "changed_at")


class Row(NamedTuple):
    key: int
    uid: str
    kind: int
    object_id: int
    first_day: int
    last_day: int
    precision: int
    changed_at: datetime
    card: dict

    @property
    def permanent_url(self) -> str:
        return absolute(reverse("entry_by_uid", args=[self.uid]))

    @property
    def url(self) -> str:
        return absolute(self.card["url"])

    def language(self, page: str) -> str:
        """That of its title, on a page in this language."""
        return self.card["lang"] or page

    @property
    def until(self) -> date | None:
        """Its last day, where it lasts several."""
        lasts = self.precision == Precision.DAY and self.last_day > self.first_day
        return date.fromordinal(self.last_day) if lasts else None

    @property
    def published_at(self) -> datetime | None:
        """Noon of its day, which is that day nearly everywhere. Never after its last change, as of what is yet to
        come; and nothing where the day is not known."""
        if not self.first_day or self.precision != Precision.DAY:
            return None
        noon = datetime.combine(date.fromordinal(self.first_day), time(12), UTC)
        return min(noon, self.changed_at)


def rows_at(keys: Iterable[int], language: str, read=read_card) -> Iterator[Row]:
    """The rows of these keys, in their order."""
    keys = list(keys)
    found = Activity.objects.filter(sort_key__in=keys).values_list(*COLUMNS, as_text(language))
    rows = {key: Row(key, *rest, read(text)) for key, *rest, text in found}
    return (rows[key] for key in keys if key in rows)
