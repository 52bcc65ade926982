"""The published read model: what public lists are read from (docs/decisions/0002-read-model.md).

Nothing here knows of drafts: an entry has rows in these tables while it is public and not a moment longer.
Only sync.py writes them.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db import models
from django.db.models import F, Q

from .dates import PartialDate, Precision

EVERYTHING = 0  # the number of the list on which every entry stands

KEY_LIMIT = 1 << 53  # a key fits a double, and SQLite's full-text index is exact below it
LONGEST_DAYS = 366  # an entry lasts a year at most, which bounds how far back a date filter looks


@dataclass(frozen=True)
class PublicRow:
    """What the public may know of one entry, finished: the cards of both languages and the lists it is on.

    `lists` maps the number of a list to whether the entry was put there itself (a parent topic's list
    holds its children's entries too). `languages` and `media` are bits, see LANGUAGE_BITS, MEDIA_BITS.
    """

    uid: str
    date: PartialDate
    type: int
    languages: int
    media: int
    cards: dict[str, dict]
    lists: dict[int, bool]
    changed_at: datetime


LANGUAGE_BITS = {"en": 1, "es": 2}
MEDIA_BITS = {"video": 1, "audio": 2}


class List(models.Model):
    """One list, by number; its version grows with each change of what stands on it."""

    id = models.BigIntegerField(primary_key=True)
    version = models.BigIntegerField(default=0)

    def __str__(self):
        return f"list {self.pk}"


class Activity(models.Model):
    """One published entry as a list shows it."""

    id = models.BigIntegerField(primary_key=True)
    sort_key = models.BigIntegerField(unique=True)
    kind = models.PositiveSmallIntegerField()
    object_id = models.BigIntegerField()
    uid = models.CharField(max_length=10, unique=True)
    type = models.PositiveIntegerField()
    languages = models.PositiveSmallIntegerField()
    media = models.PositiveSmallIntegerField()
    first_day = models.PositiveIntegerField(help_text="proleptic Gregorian ordinal, 0 when undated")
    last_day = models.PositiveIntegerField()
    precision = models.PositiveSmallIntegerField(choices=Precision)
    card_en = models.JSONField()
    card_es = models.JSONField()
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(sort_key__gt=0) & Q(sort_key__lt=KEY_LIMIT), name="activity_key_in_range"
            ),
            models.CheckConstraint(
                condition=Q(last_day__gte=F("first_day")) & Q(last_day__lte=F("first_day") + LONGEST_DAYS),
                name="activity_lasts_a_year_at_most",
            ),
        ]

    def __str__(self):
        return self.uid


class Listing(models.Model):
    """An entry's place on one list; the index alone answers every page of every list."""

    pk = models.CompositePrimaryKey("sort_key", "list_id")
    sort_key = models.BigIntegerField()
    list = models.ForeignKey(List, models.PROTECT, db_index=False)
    kind = models.PositiveSmallIntegerField()
    type = models.PositiveIntegerField()
    languages = models.PositiveSmallIntegerField()
    media = models.PositiveSmallIntegerField()
    last_day = models.PositiveIntegerField()
    direct = models.BooleanField()

    class Meta:
        indexes = [
            models.Index(
                "list",
                F("sort_key").desc(),
                "kind",
                "type",
                "languages",
                "media",
                "last_day",
                "direct",
                name="listing_covering",
            )
        ]

    def __str__(self):
        return f"{self.sort_key} on {self.list_id}"


class YearCount(models.Model):
    """How many entries of a sort stand on a list in a year.

    `year` is 0 for the undated and ALL for every year together; `type` 0 counts a whole kind;
    `media` false counts all entries, true only those with a recording. An entry that lasts from one
    year into the next is counted in both, as a filter by either finds it.
    """

    ALL = -1

    pk = models.CompositePrimaryKey("list_id", "media", "type", "year", "kind", "languages")
    list = models.ForeignKey(List, models.PROTECT, db_index=False)
    media = models.BooleanField()
    type = models.PositiveIntegerField()
    year = models.SmallIntegerField()
    kind = models.PositiveSmallIntegerField()
    languages = models.PositiveSmallIntegerField()
    n = models.IntegerField()

    def __str__(self):
        return f"{self.n} in {self.year} on {self.list_id}"
