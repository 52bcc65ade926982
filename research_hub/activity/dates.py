"""Dates of which perhaps only the month or the year is known: kept, ordered, printed, and read."""

import re
import unicodedata
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

from django.db import models
from django.utils.translation import gettext_lazy as _

# Years of four digits need no padding, and the ordinals of their days fit in 21 bits: every sort key stays
# under 2**53, up to where JavaScript and other readers of JSON keep whole numbers exact.
MIN_YEAR = 1000
MAX_YEAR = 2999
NUMBER_LIMIT = 1 << 30  # what a sort key has room for


class Precision(models.IntegerChoices):
    """How much of a date is known."""

    DAY = 0, _("day")
    MONTH = 1, _("month")
    YEAR = 2, _("year")
    NONE = 3, _("no date")


@dataclass(frozen=True)
class PartialDate:
    """The first and the last day a date may mean; with the precision of a day, the days an event lasts."""

    lo: date | None
    hi: date | None
    precision: Precision

    def __post_init__(self) -> None:
        if not self._is_consistent():
            raise ValueError(f"{self.lo} to {self.hi} cannot have the precision {self.precision!r}")

    def _is_consistent(self) -> bool:
        lo, hi = self.lo, self.hi
        if lo is None or hi is None:
            return lo is hi and self.precision == Precision.NONE
        # To Python a moment is also a date, but it has an hour and does not compare with plain days.
        if isinstance(lo, datetime) or isinstance(hi, datetime):
            return False
        if not MIN_YEAR <= lo.year <= hi.year <= MAX_YEAR:
            return False
        if self.precision == Precision.YEAR:
            return (lo, hi) == _whole_year(lo.year)
        if self.precision == Precision.MONTH:
            return (lo, hi) == _whole_month(lo.year, lo.month)
        return self.precision == Precision.DAY and lo <= hi

    def __str__(self) -> str:
        return self.iso()

    @classmethod
    def day(cls, day: date) -> "PartialDate":
        return cls(day, day, Precision.DAY)

    @classmethod
    def days(cls, first: date, last: date) -> "PartialDate":
        return cls(first, last, Precision.DAY)

    @classmethod
    def month(cls, year: int, month: int) -> "PartialDate":
        return cls(*_whole_month(year, month), Precision.MONTH)

    @classmethod
    def year(cls, year: int) -> "PartialDate":
        return cls(*_whole_year(year), Precision.YEAR)

    @property
    def is_undated(self) -> bool:
        return self.lo is None

    @staticmethod
    @lru_cache(maxsize=20_000)
    def known(lo: date, hi: date, precision: int) -> "PartialDate":
        """The same object again and again, since entries share their days."""
        return PartialDate(lo, hi, Precision(precision))

    def iso(self) -> str:
        """The canonical text, as in addresses; a span is `first/last`, and no date is no text."""
        if self.lo is None:
            return ""
        if self.precision == Precision.YEAR:
            return self.lo.isoformat()[:4]
        if self.precision == Precision.MONTH:
            return self.lo.isoformat()[:7]
        return f"{self.lo}" if self.lo == self.hi else f"{self.lo}/{self.hi}"

    def overlaps(self, since: "PartialDate | None", until: "PartialDate | None") -> bool:
        """Whether a day of it is in the period, all of `until` included; the caller puts the two in order."""
        earliest = since.lo if since else None
        latest = until.hi if until else None
        if self.lo is None or self.hi is None:
            return earliest is None and latest is None
        return (latest is None or self.lo <= latest) and (earliest is None or self.hi >= earliest)

    def sort_key(self, number: int) -> int:
        """An integer, highest for the newest; a day is above its month and year, the undated below all."""
        if not 0 < number < NUMBER_LIMIT:
            raise ValueError(f"{number} does not fit in the 30 bits that a sort key has for it")
        if self.lo is None:
            return number
        return self.lo.toordinal() << 32 | (2 - self.precision) << 30 | number


def number_of(key: int) -> int:
    """The number that a sort key was made of."""
    return key & NUMBER_LIMIT - 1


def _whole_month(year: int, month: int) -> tuple[date, date]:
    first = date(year, month, 1)
    return first, first.replace(day=monthrange(year, month)[1])


def _whole_year(year: int) -> tuple[date, date]:
    return date(year, 1, 1), date(year, 12, 31)


UNDATED = PartialDate(None, None, Precision.NONE)


@dataclass(frozen=True)
class Wording:
    """How a language writes dates; not in the message catalogue, because reading and printing must agree."""

    months: str
    month: str
    day: str
    day_and_year: str
    undated: str
    day_first: bool

    def month_name(self, day: date) -> str:
        return self.months.split()[day.month - 1]


WORDINGS = {
    "en": Wording(
        months="January February March April May June July August September October November December",
        month="{month} {year}",
        day="{month} {day}",
        day_and_year="{day}, {year}",
        undated="Undated",
        day_first=False,
    ),
    "es": Wording(
        months="enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
        month="{month} de {year}",
        day="{day} de {month}",
        day_and_year="{day} de {year}",
        undated="Sin fecha",
        day_first=True,
    ),
}


@lru_cache(maxsize=20_000)
def print_date(date: PartialDate, language: str) -> str:
    """The date as readers of the language write it, no more precise than it is known."""
    wording, lo, hi = WORDINGS[language], date.lo, date.hi
    if lo is None or hi is None:
        return wording.undated
    if date.precision == Precision.YEAR:
        return str(lo.year)
    if date.precision == Precision.MONTH:
        return wording.month.format(month=wording.month_name(lo), year=lo.year)
    if lo.year != hi.year:
        return " – ".join(print_date(PartialDate.day(end), language) for end in (lo, hi))
    if lo.month != hi.month:
        ends = [wording.day.format(day=end.day, month=wording.month_name(end)) for end in (lo, hi)]
        return wording.day_and_year.format(day=" – ".join(ends), year=lo.year)
    numbers = f"{lo.day}" if lo == hi else f"{lo.day}–{hi.day}"
    days = wording.day.format(day=numbers, month=wording.month_name(lo))
    return wording.day_and_year.format(day=days, year=lo.year)


def typed_date(date: PartialDate, language: str) -> str:
    """The date as a reader of the language would type it into a field: 06/03/2024 or 03/06/2024, 06/2024, 2024."""
    if date.lo is None:
        return ""
    if date.precision == Precision.YEAR:
        return f"{date.lo.year}"
    if date.precision == Precision.MONTH:
        return f"{date.lo:%m/%Y}"
    return f"{date.lo:%d/%m/%Y}" if WORDINGS[language].day_first else f"{date.lo:%m/%d/%Y}"


class DateError(ValueError):
    """Text that is no date for us; `code` says why, the message tells the reader what to do about it."""

    MESSAGES = {
        "format": _("This is not a date we can read."),
        "two_digit_year": _("Write the year with four digits."),
        "impossible": _("There is no such date. Check the day and the month."),
        "range": _("Years from 1000 to 2999 can be searched."),
    }

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code

    @property
    def message(self) -> str:
        return str(self.MESSAGES[self.code])

    def __str__(self) -> str:
        return self.message


# Longer than any date with some white space around it; nothing longer meets the expressions below.
LONGEST_TEXT = 64
NUMERIC = re.compile(r"[0-9]+(?: ?([/.-]) ?[0-9]+(?: ?\1 ?[0-9]+)?)?")
MONTH_FIRST = re.compile(r"(?P<month>[a-z]+)\.?(?: (?P<day>[0-9]+))?,? (?:del? )?(?P<year>[0-9]+)")
DAY_FIRST = re.compile(r"(?P<day>[0-9]+) (?:de )?(?P<month>[a-z]+)\.?,? (?:del? )?(?P<year>[0-9]+)")

ORDINAL = re.compile(r"\b([0-9]{1,2})(?:st|nd|rd|th|o|\.o|er)\b")  # 1st; 1º, which is folded to 1o

# No name or abbreviation means different months in the two languages, so every reader may use both.
MONTH_NUMBERS = {"sept": 9, "set": 9, "setiembre": 9} | {
    name: number
    for wording in WORDINGS.values()
    for number, month in enumerate(wording.months.split(), start=1)
    for name in (month.lower(), month.lower()[:3])
}


def parse_date(text: str, language: str) -> PartialDate:
    """What a reader typed, with day and month in the order of the reader's language; or a DateError."""
    if len(text) > LONGEST_TEXT:
        raise DateError("format")
    year, *rest = _parts(_fold(text), WORDINGS[language])
    if len(year) not in (2, 4) or any(len(part) > 2 for part in rest):
        raise DateError("format")
    if len(year) == 2:
        raise DateError("two_digit_year")
    if not MIN_YEAR <= int(year) <= MAX_YEAR:
        raise DateError("range")
    try:
        return _period([int(year), *map(int, rest)])
    except ValueError:
        raise DateError("impossible") from None


def _fold(text: str) -> str:
    """Lower case without accents, single spaces; full-width letters and digits become plain ones."""
    letters = unicodedata.normalize("NFKD", text)
    plain = " ".join("".join(c for c in letters if not unicodedata.combining(c)).casefold().split())
    return ORDINAL.sub(r"\1", plain)


def _parts(text: str, wording: Wording) -> list[str]:
    """The digits of year, month and day, in this order, as many as there are."""
    if NUMERIC.fullmatch(text):
        parts = re.findall("[0-9]+", text)
        if len(parts[0]) == 4:
            return parts
        return parts[::-1] if wording.day_first else [parts[-1], *parts[:-1]]
    match = MONTH_FIRST.fullmatch(text) or DAY_FIRST.fullmatch(text)
    if not match or match["month"] not in MONTH_NUMBERS:
        raise DateError("format")
    parts = [match["year"], str(MONTH_NUMBERS[match["month"]])]
    return [*parts, match["day"]] if match["day"] else parts


def read_iso(text: str) -> PartialDate:
    """The date of which `iso()` is exactly this text; any other text is a ValueError."""
    if not text:
        return UNDATED
    if "/" in text:
        first, last = text.split("/")
        found = PartialDate.days(date.fromisoformat(first), date.fromisoformat(last))
    elif re.fullmatch(r"[0-9]{4}(-[0-9]{2}){0,2}", text):
        found = _period([int(part) for part in text.split("-")])
    else:
        raise ValueError(f"{text!r} is not an ISO date")
    if found.iso() != text:
        raise ValueError(f"{text!r} is not how {found} is written")
    return found


def _period(numbers: list[int]) -> PartialDate:
    """A year; a year and a month; or a year, a month and a day."""
    if len(numbers) == 1:
        return PartialDate.year(*numbers)
    if len(numbers) == 2:
        return PartialDate.month(*numbers)
    return PartialDate.day(date(*numbers))
