"""When an event takes place, as readers of each language say it."""

from datetime import datetime

from django.utils.translation import gettext as _

from research_hub.activity.dates import PartialDate, print_date


def print_when(event, language: str) -> str:
    """Days, hours and zone: “August 31, 2017, 6:00–7:30 PM (CDT, Mexico City)”."""
    if not event.starts_at or event.all_day:
        return print_date(event.date, language)
    start, end = event.starts_at.astimezone(event.zone), event.ends_at.astimezone(event.zone)
    zone = f"({start.tzname()}, {place(event.time_zone)})"
    if start.date() == end.date():
        return f"{print_day(start, language)}, {print_hours(start, end, language)} {zone}"
    ends = [f"{print_day(moment, language)}, {print_hour(moment, language)}" for moment in (start, end)]
    return f"{' – '.join(ends)} {zone}"


def print_day(moment: datetime, language: str) -> str:
    return print_date(PartialDate.day(moment.date()), language)


def print_hour(moment: datetime, language: str) -> str:
    if language == "es":
        return f"{moment:%H:%M} h"
    return f"{moment:%I:%M %p}".lstrip("0")


def print_hours(start: datetime, end: datetime, language: str) -> str:
    if language == "es":
        return f"{start:%H:%M}–{end:%H:%M} h"
    same_half = start.strftime("%p") == end.strftime("%p")
    first = print_hour(start, language).removesuffix(f" {start:%p}") if same_half else print_hour(start, language)
    return f"{first}–{print_hour(end, language)}"


def place(zone: str) -> str:
    """The city that a zone is named after; the largest of the region's own are known in Spanish."""
    return _(zone.rpartition("/")[2].replace("_", " "))
