"""The published read model: what public lists are read from (docs/decisions/0002-read-model.md).

Nothing here knows of drafts: an entry has rows in these tables while it is public and not a moment longer.
Only sync.py writes them.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from research_hub.languages.text import current

from .dates import PartialDate, Precision

EVERYTHING = 0  # the number of the list on which every entry stands

KEY_LIMIT = 1 << 53  # a key fits a double, and SQLite's full-text index is exact below it
LONGEST_DAYS = 366  # an entry lasts a year at most, which bounds how far back a date filter looks


@dataclass(frozen=True)
class PublicRow:
    """What the public may know of one entry, finished: the cards of both languages and the lists it is on.

    `lists` maps the number of a list to whether the entry was put there itself (a parent topic's list
    holds its children's entries too). `languages` and `media` are bits, see LANGUAGE_BITS, MEDIA_BITS.
    `words` holds what search finds it by: plain texts, by language and by how much they count (title, summary,
    body), and `names` those of people, which are the same in both.
    """

    uid: str
    date: PartialDate
    type: int
    languages: int
    media: int
    cards: dict[str, dict]
    lists: dict[int, bool]
    words: dict[str, dict[str, list[str]]]
    names: list[str]
    changed_at: datetime


# How many numbers share a file of the sitemap: 2,048 keys of eight kinds at most, of which each may have a page in both
# languages. That is fewer than the 50,000 that a file may name, however the numbers are used.
SITEMAP_NUMBERS = 16_384

LANGUAGE_BITS = {"en": 1, "es": 2}
MEDIA_BITS = {"video": 1, "audio": 2}


class List(models.Model):
    """One list, by number. Its version is when what stands on it last changed, in microseconds since 1970, and grows
    with each change; that of the list of everything grows with any change of what the public may see."""

    id = models.BigIntegerField(primary_key=True)
    version = models.BigIntegerField(default=0)

    def __str__(self):
        return f"list {self.pk}"


class ToldVersion(models.Model):
    """The version of the site of which the cache in front was last told (purging.py); one row."""

    ONLY = 1

    version = models.BigIntegerField(default=0)

    def __str__(self):
        return f"version {self.version}"


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
        verbose_name = _("published entry")
        verbose_name_plural = _("published entries")
        constraints = [
            models.CheckConstraint(
                condition=Q(sort_key__gt=0) & Q(sort_key__lt=KEY_LIMIT), name="activity_key_in_range"
            ),
            models.CheckConstraint(
                condition=Q(last_day__gte=F("first_day")) & Q(last_day__lte=F("first_day") + LONGEST_DAYS),
                name="activity_lasts_a_year_at_most",
            ),
        ]
        indexes = [models.Index(F("id") / SITEMAP_NUMBERS, "changed_at", name="activity_sitemap")]

    def __str__(self):
        return getattr(self, f"card_{current()}")["title"] or self.uid


class Listing(models.Model):
    """An entry's place on one list; the covering index alone answers every page of every list.

    `crosses` marks what is known to the day and lasts from one month into another: the few entries that a count
    up to a day within a month must look at one by one.
    """

    pk = models.CompositePrimaryKey("sort_key", "list_id")
    sort_key = models.BigIntegerField()
    list = models.ForeignKey(List, models.PROTECT, db_index=False)
    kind = models.PositiveSmallIntegerField()
    type = models.PositiveIntegerField()
    languages = models.PositiveSmallIntegerField()
    media = models.PositiveSmallIntegerField()
    last_day = models.PositiveIntegerField()
    direct = models.BooleanField()
    crosses = models.BooleanField()

    class Meta:
        indexes = [
            models.Index("list", "last_day", condition=Q(crosses=True), name="listing_crossing"),
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
            ),
        ]

    def __str__(self):
        return f"{self.sort_key} on {self.list_id}"


class PeriodCount(models.Model):
    """How many entries of a sort there are on a list in a period.

    A sort is a kind, a type, the languages it is in and whether it has a recording. `n` counts the entries that
    begin in the period, `carried` those that began before it and last into it (an event over New Year; in
    March, everything of which only the year is known). So the entries with a day in a year are n + carried, and
    those in a run of periods are the n of all and the carried of the first.

    Each page of a list reads the rows of level PAGE: every sort of ALL and UNDATED, and for each year one row a
    kind and language (type 0, media false). YEARS and MONTHS have every sort, for lists that are counted by month.
    """

    ALL, UNDATED = -1, 0  # periods; others are a year, 2017, or a month, 201702
    PAGE, YEARS, MONTHS = 0, 1, 2

    pk = models.CompositePrimaryKey("list_id", "level", "period", "kind", "type", "languages", "media")
    list = models.ForeignKey(List, models.PROTECT, db_index=False)
    level = models.PositiveSmallIntegerField()
    period = models.IntegerField()
    kind = models.PositiveSmallIntegerField()
    type = models.PositiveIntegerField()
    languages = models.PositiveSmallIntegerField()
    media = models.BooleanField()
    n = models.IntegerField()
    carried = models.IntegerField()

    def __str__(self):
        return f"{self.n} in {self.period} on {self.list_id}"


class SearchEntry(models.Model):
    """An entry in the index of words. What else its table holds depends on the database: see search.py."""

    sort_key = models.BigIntegerField(primary_key=True, db_column="rowid")

    class Meta:
        db_table = "activity_search"

    def __str__(self):
        return f"words of {self.sort_key}"
