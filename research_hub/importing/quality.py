"""What had better be looked at in a record, beside what was guessed: slips that real collections are full of."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any
from zoneinfo import available_timezones

from django.db.models import Count, Exists, OuterRef
from django.utils.html import strip_tags
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from publications.checklist import is_file_name
from research_hub.editorial.proofreading import broken_piece, is_shouted
from research_hub.languages.text import LANGUAGES, other

from .models import Batch, Finding, Origin, Row
from .typed import Typed
from .understand import folded, understood_date

What = Finding.What
Found = Iterator[tuple[str, str]]  # what it is, and the words that show it

SHOWN = 80  # letters of a text that are shown
BATCH = 500

# A mark of question within a word, where an apostrophe or a letter was; in an address it is followed by name=value.
LOST = re.compile(r"[^\W\d_]+\?(?=[^\W\d_])(?!\w+=)\w+")

ADVICE = {
    What.TWIN: gettext_lazy(
        "They were refused. Look at the entry that is here; where it is another, plan the file anew and take them in."
    ),
    What.TITLE_TWICE: gettext_lazy("Records of this file share a title: leave one out, or tell them apart."),
    What.UNDATED: gettext_lazy("They stand at the end of every list. Give a date in the file, or in the entry."),
    What.DATE: gettext_lazy("They are taken in without a date. Write it as 2017, 2017-02 or 2017-02-03."),
    What.BROKEN: gettext_lazy("The file was saved in another encoding on its way. Export it anew, as UTF-8."),
    What.APOSTROPHE: gettext_lazy("An apostrophe or a letter was lost on the way. Export the file anew, as UTF-8."),
    What.SHOUTED: gettext_lazy("Write the title as a sentence."),
    What.ALT: gettext_lazy("Say what the picture shows: who cannot see it hears this text."),
    What.EQUAL: gettext_lazy("The same words stand in both languages: leave empty the one that is not translated."),
    What.HALF: gettext_lazy("The title is translated and the summary is not, or the other way round."),
    What.ONE_LANGUAGE: gettext_lazy("Nothing is wrong with that: they wait on the translation desk."),
    What.ENDS_FIRST: gettext_lazy("The event ends before it starts: correct one of the moments in the file."),
    What.ZONE: gettext_lazy("The hours were taken for those of this site. Write the zone as America/Mexico_City."),
    What.LONG: gettext_lazy("It does not fit its field and is refused: shorten it in the file."),
}  # fmt: skip
ONLY_COUNTED = {What.ONE_LANGUAGE}  # of so many records that a remark on each would hide the others


def findings_in(typed: Typed) -> Found:
    fields = typed.snapshot["fields"]
    if fields["date_lo"] is None:
        raw = typed.record.date or typed.record.starts
        is_unread = bool(raw.strip()) and understood_date(raw, typed.language) is None
        yield (What.DATE, raw) if is_unread else (What.UNDATED, "")
    for language in LANGUAGES:
        for name in ("title", "summary", "body"):
            words = fields[f"{name}_{language}"]
            if piece := broken_piece(words):
                yield What.BROKEN, piece
            if found := LOST.search(strip_tags(words)):
                yield What.APOSTROPHE, found[0]
        if is_shouted(title := fields[f"title_{language}"]):
            yield What.SHOUTED, title
    for person in typed.record.people:
        if piece := broken_piece(person.name):
            yield What.BROKEN, piece
    yield from of_translation(typed, fields)
    yield from of_event(typed)
    yield from of_fields(typed, fields)
    for picture in typed.record.pictures:
        if picture.alt and is_file_name(picture.alt):
            yield What.ALT, picture.alt


def of_translation(typed: Typed, fields: dict[str, Any]) -> Found:
    original, translated = typed.language, other(typed.language)
    given = {name: fields[f"{name}_{translated}"].strip() for name in ("title", "summary")}
    source = {name: fields[f"{name}_{original}"].strip() for name in given}
    if not any(given.values()):
        yield What.ONE_LANGUAGE, ""
    elif any(source[name] and not words for name, words in given.items()):
        yield What.HALF, given["title"] or given["summary"]
    for name, words in given.items():
        if words and words == source[name]:
            yield What.EQUAL, words


def of_event(typed: Typed) -> Found:
    starts, ends = (typed.snapshot["fields"].get(name) for name in ("starts_at", "ends_at"))
    if starts and ends and datetime.fromisoformat(ends) < datetime.fromisoformat(starts):
        yield What.ENDS_FIRST, f"{typed.record.starts} – {typed.record.ends}"
    if typed.record.zone and typed.record.zone not in available_timezones():
        yield What.ZONE, typed.record.zone


def of_fields(typed: Typed, fields: dict[str, Any]) -> Found:
    for name, value in fields.items():
        column = typed.model._meta.get_field(name)
        if isinstance(value, str) and column.max_length and len(value) > column.max_length:
            yield What.LONG, f"{column.verbose_name}: {len(value)} > {column.max_length}"


def remarks_of(findings: Iterable[tuple[str, str]]) -> Iterator[str]:
    said = {What.DATE, What.ZONE}  # by whoever read them, as a remark of its own
    for what, words in findings:
        if what not in ONLY_COUNTED | said:
            yield f"{What(what).label}: {shortened(words)}" if words else str(What(what).label)


def shortened(words: str) -> str:
    return words if len(words) <= SHOWN else f"{words[:SHOWN]}…"


# Kept beside the plan


def keep(rows: list[Row], found: dict[int, list[tuple[str, str]]]) -> None:
    """Keep what was found in these records, once for each sort of finding, instead of what was found before."""
    Finding.objects.filter(row__in=[row for row in rows if row.number in found]).delete()
    made = []
    for row in rows:
        by_what: dict[str, list[str]] = defaultdict(list)
        for what, words in found.get(row.number, ()):
            by_what[what].append(shortened(words))
        made += [finding(row, what, words) for what, words in by_what.items()]
    Finding.objects.bulk_create(made, batch_size=BATCH)


def finding(row: Row, what: str, words: Iterable[str]) -> Finding:
    return Finding(batch_id=row.batch_id, row=row, what=what, detail=" · ".join(filter(None, words))[:300])


def look_across(batch: Batch) -> None:
    """Once all is planned: what no record tells of itself."""
    Finding.objects.filter(batch=batch, what__in=[What.TWIN, What.TITLE_TWICE]).delete()
    known = Origin.objects.filter(source=batch.source, source_id=OuterRef("source_id"))
    refused = batch.rows.filter(~Exists(known), action=Row.Action.REFUSED).exclude(uid="")
    made = [finding(row, What.TWIN, [f"/e/{row.uid}/"]) for row in refused.only("batch", "uid")]
    places = defaultdict(list)
    own = batch.rows.exclude(title="").exclude(action=Row.Action.PART)
    for row in own.order_by("number").only("batch", "title", "place").iterator():
        places[folded(row.title)].append(row)
    for rows in places.values():
        if len(rows) > 1:
            told = ", ".join(row.place for row in rows[:5])
            made += [finding(row, What.TITLE_TWICE, [told]) for row in rows]
    Finding.objects.bulk_create(made, batch_size=BATCH)


def report(batch: Batch) -> list[dict[str, Any]]:
    """Each sort of finding with how many records it is in, the most pressing first; one query."""
    counts = dict(batch.findings.order_by().values_list("what").annotate(n=Count("pk")))
    return [
        {"what": what, "label": what.label, "count": counts[what], "advice": ADVICE[what]}
        for what in What
        if what in counts
    ]


def table(batch: Batch) -> tuple[list[str], Iterator[list[str]]]:
    """The same, record by record, for a spreadsheet."""
    labels = dict(What.choices)
    columns = ("what", "row__place", "row__source_id", "row__title", "detail")
    found = batch.findings.order_by("row__number", "what").values_list(*columns)
    titles = [_("Finding"), _("Place"), _("Name in the source"), _("Title"), _("Details"), _("What to do")]
    lines = ([str(labels[what]), *rest, str(ADVICE[What(what)])] for what, *rest in found.iterator())
    return titles, lines
