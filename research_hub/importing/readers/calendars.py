"""iCalendar with icalendar: one event at a time, so that one broken line costs one event."""

import re
import warnings
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, tzinfo
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from django.utils.translation import gettext as _
from icalendar import Event, Timezone
from icalendar.error import GloballyUniqueTZIDGuessed
from icalendar.parser import unescape_backslash
from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

from research_hub.languages.text import LANGUAGES

from ..records import Fault, Found, Note, Record
from . import sources
from .identity import language_in
from .told import Told

BEGIN, END = (
    re.compile(r"BEGIN:(VEVENT|VTIMEZONE)\s*$", re.I),
    re.compile(r"END:(VEVENT|VTIMEZONE|VCALENDAR)\s*$", re.I),
)
OTHERS = re.compile(r"BEGIN:(VTODO|VJOURNAL|VFREEBUSY|VAVAILABILITY)\s*$", re.I)
OF_ALL = re.compile(r"X-WR-TIMEZONE[^:]*:(.+)", re.I)
NAMED = re.compile(r"[A-Za-z][\w-]*(?:;[^:=;]+=[^:;]*)*:|[ \t]")
MOST_LINES = 50_000  # of one event: pictures may be written in it
ZONES = available_timezones()
STATES = {"CANCELLED": "cancelled", "CONFIRMED": ""}
NEEDED = ("DTSTART", "DTEND", "DURATION", "SUMMARY")  # what is not read is not guessed
TEXTS = {"SUMMARY": "title", "DESCRIPTION": "summary", "LOCATION": "venue"}
TAKEN = {*TEXTS, "DTSTART", "DTEND", "DURATION", "UID", "URL", "STATUS", "CATEGORIES", "X-ALT-DESC", "ATTACH", "IMAGE"}
TAKEN |= {"RECURRENCE-ID", "CONFERENCE"}
# Of the calendar's own life; and of those who were invited, who did not agree to be written about here.
OF_NO_ENTRY = {
    "DTSTAMP",
    "CREATED",
    "LAST-MODIFIED",
    "SEQUENCE",
    "TRANSP",
    "CLASS",
    "PRIORITY",
    "ATTENDEE",
    "ORGANIZER",
}


@dataclass
class Calendar:
    """What the events of a file refer to."""

    zone: str = ""
    zones: dict[str, tzinfo] = field(default_factory=dict)
    others: Counter = field(default_factory=Counter)

    def where(self, name: str) -> tuple[str, tzinfo | None]:
        """The zone of this name: IANA's, Windows', one with a maker's prefix, or one that the file describes."""
        for known in (name, WINDOWS_TO_OLSON.get(name, ""), *tails(name)):
            if known in ZONES:
                return known, ZoneInfo(known)
        return "", self.zones.get(name)


def tails(name: str) -> Iterator[str]:
    """“/softwarestudio.org/Olson_20011030_5/America/New_York” ends with a zone."""
    parts = name.strip("/").split("/")
    return ("/".join(parts[at:]) for at in range(1, len(parts)))


def read(path: Path) -> Found:
    calendar, count = surroundings(path), 0
    with sources.text_of(path) as text:
        for number, name, lines in blocks(text):
            if name == "VEVENT":
                count += 1
                yield from event(lines, calendar, sources.line(number))
    for name, others in calendar.others.items():
        why = _("Passed over, as they are no events: %(name)s (%(count)d)")
        yield Note("", why % {"count": others, "name": name})
    if not count:
        yield Fault("", _("There is no event in this calendar."))


def surroundings(path: Path) -> Calendar:
    """The zones, wherever in the file they stand: some are described only after the events in them."""
    calendar = Calendar()
    with sources.text_of(path) as text:
        for _number, line in sources.lines_of(text):
            if found := OF_ALL.match(line):
                calendar.zone = calendar.zone or calendar.where(found[1].strip())[0]
            elif found := OTHERS.match(line):
                calendar.others[found[1].upper()] += 1
    with sources.text_of(path) as text:
        for _number, name, lines in blocks(text):
            if name == "VTIMEZONE":
                described(lines, calendar)
    return calendar


def described(lines: list[str], calendar: Calendar) -> None:
    try:
        zone = Timezone.from_ical("\r\n".join(lines))
        calendar.zones[str(zone["TZID"])] = zone.to_tz()
    except Exception:  # whatever is wrong with it, the events keep the hour on their wall
        return


def blocks(text) -> Iterator[tuple[int, str, list[str]]]:
    """The lines of each event and each zone; those of one that has no end are given as they are."""
    start, name, lines, size = 0, "", [], 0
    for number, line in sources.lines_of(text):
        size = size + len(line) if lines else 0
        if size > sources.LONGEST_RECORD:
            raise sources.too_long(sources.line(start))
        line = line.rstrip("\r\n")
        begins, ends = BEGIN.match(line), END.match(line)
        if lines and (begins or ends or len(lines) > MOST_LINES):
            yield start, name, [*lines, line] if ends and ends[1].upper() == name else lines
            lines = []
        if begins:
            start, name, lines = number, begins[1].upper(), [line]
        elif lines:
            lines.append(line)
    if lines:
        yield start, name, lines


def event(lines: list[str], calendar: Calendar, place: str) -> Found:
    if not END.match(lines[-1]):
        yield Fault(place, _("This event has no end: its END:VEVENT is missing."))
        return
    try:
        found = parsed(lines)
        if line := lost(found, lines):
            raise sources.Unreadable(_("this line cannot be read: %s") % line)
        yield record_of(found, calendar, place)
    except sources.Unreadable as error:
        yield Fault(place, _("This event is broken: %s") % error)
    except Exception:  # the library raises many kinds, in English; the next event is not to suffer from this one
        yield Fault(place, _("This event is broken: %s") % _("it is not written as iCalendar asks."))


def lost(found: Event, lines: list[str]) -> str:
    """The line that is wrong, if that makes it another event; one without a name may have been its start."""
    broken = {str(name or "").upper() for name, _why in found.errors if name or "DTSTART" not in found}
    names = [name for name in (*NEEDED, "") if name in broken]
    return sources.shown(line_of(names[0], lines)) if names else ""


def line_of(name: str, lines: list[str]) -> str:
    """The first that begins with this name; without one, the first that has no name of its own."""
    found = (line for line in lines[1:] if (line.upper().startswith(name) if name else not NAMED.match(line)))
    return next(found, lines[0])


def parsed(lines: list[str]) -> Event:
    with warnings.catch_warnings():  # it guesses the zone of a name with a maker's prefix; so do we, from the same part
        warnings.simplefilter("ignore", GloballyUniqueTZIDGuessed)
        return Event.from_ical("\r\n".join(lines))


def record_of(found: Event, calendar: Calendar, place: str) -> Record:
    told = Told()
    told.tell("id", "/".join(filter(None, (raw(found, "UID"), raw(found, "RECURRENCE-ID")))))
    for name, target in TEXTS.items():
        for value in each(found, name):
            code = language_in(str(value.params.get("LANGUAGE", "")))
            told.tell(f"{target}_{code}" if code in LANGUAGES else target, str(value))
    for value in each(found, "X-ALT-DESC"):
        told.tell("body", unescape_backslash(str(value)) if value.params.get("FMTTYPE") == "text/html" else "")
    told["topics"] = [str(topic) for listed in each(found, "CATEGORIES") for topic in listed.cats]
    told.tell("url", raw(found, "URL"))
    timed(told, found, calendar)
    stands(told, found)
    for name in ("ATTACH", "IMAGE", "CONFERENCE"):
        for value in each(found, name):
            attach(told, name, value)
    for name in found:
        if name not in TAKEN | OF_NO_ENTRY:
            told.leave(name, "; ".join(map(written, each(found, name))))
    return told.record(place, "event")


def each(found: Event, name: str) -> list[Any]:
    value = found.get(name, [])
    return value if isinstance(value, list) else [value]


def raw(found: Event, name: str) -> str:
    return next(map(written, each(found, name)), "")


def written(value: Any) -> str:
    data = value.to_ical()
    return data.decode("utf-8", errors="replace") if isinstance(data, bytes) else str(data)


# What it says of time, state and attachments


def timed(told: Told, found: Event, calendar: Calendar) -> None:
    """Start and end; of whole days the end is the last of them, where iCalendar names the day after."""
    first = next(iter(each(found, "DTSTART")), None)
    if first is None:
        return
    start, end = first.dt, next((value for value in each(found, "DTEND")), None)
    if not isinstance(start, date):
        raise sources.Unreadable(_("Its start is neither a day nor a moment: %s") % written(first))
    told.tell("starts", iso(first, calendar))
    if end is not None and not isinstance(end.dt, date):
        raise sources.Unreadable(_("Its end is neither a day nor a moment: %s") % written(end))
    if not isinstance(start, datetime):
        last = end.dt if end is not None else start + length(found)
        last = last.date() if isinstance(last, datetime) else last - timedelta(days=1)
        told.tell("ends", max(start, last).isoformat())
    elif end is not None:
        told.tell("ends", iso(end, calendar))
    elif found.get("DURATION"):
        told.tell("ends", (datetime.fromisoformat(iso(first, calendar)) + length(found)).isoformat())
    zone(told, first, calendar)
    for name in ("DTSTART", "DTEND"):
        for value in each(found, name)[1:]:
            told.leave(name, written(value))


def length(found: Event) -> timedelta:
    return next((value.dt for value in each(found, "DURATION")), timedelta())


def zone(told: Told, first: Any, calendar: Calendar) -> None:
    name = str(first.params.get("TZID", ""))
    known = calendar.where(name)[0] if name else calendar.zone
    if known and isinstance(first.dt, datetime):
        told.tell("zone", known)
    elif name:
        told.leave("TZID", name)


def iso(value: Any, calendar: Calendar) -> str:
    """With the offset where the zone is known; else the hour on the wall, or UTC where that is what stands there."""
    when, name = value.dt, str(value.params.get("TZID", ""))
    if not isinstance(when, datetime) or not name:
        return when.isoformat()
    return when.replace(tzinfo=calendar.where(name)[1]).isoformat()


def stands(told: Told, found: Event) -> None:
    status = raw(found, "STATUS").upper()
    if status in STATES:
        told.tell("state", STATES[status])
    else:
        told.leave("STATUS", status)
    told.tell("draft", "private" if raw(found, "CLASS").upper() in ("PRIVATE", "CONFIDENTIAL") else "")


def attach(told: Told, name: str, value: Any) -> None:
    ref, kind = str(value), str(value.params.get("FMTTYPE", ""))
    if not ref.startswith(("http://", "https://")):
        told.leave(name, value.params.get("FMTTYPE", "") or ref[:60])
    elif name == "CONFERENCE":
        told.leave(name, ref)
    else:
        told.tell("pictures" if name == "IMAGE" or kind.startswith("image/") else "files", ref)
