"""JSON of any size, one object at a time, with ijson: wherever in the file the list of them stands."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import ijson
from django.utils.translation import gettext as _

from . import sources

Json = dict[str, Any]
Event = tuple[str, Any]

# Where a list of objects may stand: at the top, under a name, under two.
LISTS = ("", "items", "message.items", "data", "nodes", "rows", "records", "results", "references")
SINGLE = ("message", "data")  # and at the top
DEEPEST = 60  # levels: a file of a hundred thousand brackets is not data
STARTS, ENDS = ("start_map", "start_array"), ("end_map", "end_array")


class TooDeep(sources.Unreadable):
    """Brackets within brackets without end."""


class Utf8:
    """A file of any encoding as the bytes that ijson wants."""

    def __init__(self, text):
        self.text, self.since = text, 0  # characters read since the last object was whole

    def read(self, size: int = -1) -> bytes:
        piece = self.text.read(size)
        self.since += len(piece)
        if self.since > sources.LONGEST_RECORD:
            raise sources.TooLong(_("What follows is longer than any record."))
        return piece.encode("utf-8", errors="ignore")


def objects(path: Path, lists: tuple[str, ...] = LISTS, single: tuple[str, ...] = SINGLE) -> Iterator[Json]:
    """The objects of these lists; where there is no list, the one object that stands there or is the whole file."""
    found = None
    for found in at(path, {f"{place}.item".lstrip(".") for place in lists}):
        yield found
    for place in (*single, ""):
        if found is not None:
            return
        for found in at(path, {place}):
            if not is_wrapping(found, lists):
                yield found


def is_wrapping(found: Json, lists: tuple[str, ...]) -> bool:
    """Whether it is there for its list alone, and that list is empty."""
    return any(isinstance(found.get(place.rpartition(".")[2]), list) for place in lists)


def at(path: Path, places: set[str]) -> Iterator[Json]:
    with sources.text_of(path) as text:
        source = Utf8(text)
        events = events_of(source)
        way: list[str] = []  # of each open bracket: “item” in a list, in an object the name that was read last
        for event, value in events:
            source.since = 0
            if event == "start_map" and len(way) <= 3 and ".".join(way) in places:
                yield built(events)
            elif event in STARTS:
                way.append("item" if event == "start_array" else "")
            elif event in ENDS:
                way.pop()
            elif event == "map_key":
                way[-1] = value


def events_of(source: Utf8) -> Iterator[Event]:
    depth = 0
    for event, value in ijson.basic_parse(source, use_float=True, multiple_values=True):
        depth += (event in STARTS) - (event in ENDS)
        if depth > DEEPEST:
            raise TooDeep(_("Its brackets are nested too deep."))
        yield event, value


def built(events: Iterator[Event]) -> Json:
    """The object whose opening bracket was just read."""
    builder, depth = ijson.ObjectBuilder(), 1
    builder.event("start_map", None)
    while depth:
        event, value = next(events)
        depth += (event in STARTS) - (event in ENDS)
        builder.event(event, value)
    return builder.value


def text(value: Any) -> str:
    """A value as text: the first of a list, nothing of an object."""
    if isinstance(value, list):
        return next(filter(None, map(text, value)), "")
    if value is None or isinstance(value, dict | bool):
        return ""
    return str(int(value) if isinstance(value, float) and value.is_integer() else value)


def texts(value: Any) -> list[str]:
    return [text(item) for item in value] if isinstance(value, list) else [text(value)]
