"""Records of a file that are one entry in two languages: joined where that is sure, asked about where it is likely."""

from collections import defaultdict
from hashlib import sha256

from django.utils.translation import gettext as _

from research_hub.languages.text import LANGUAGES

from .models import Batch, Origin, Row
from .plan import Planned, Planner
from .readers.translations import add
from .records import Record, from_json
from .understand import name_key

LOCAL = ("title", "subtitle", "summary", "body", "venue")
OWN = ("doi", "isbn")  # of which an entry has one


class Twins:
    """What is known of the records of a batch so far; each is met once, in the order in which they come."""

    def __init__(self, batch: Batch, planner: Planner):
        self.batch, self.planner = batch, planner
        self.numbers: dict[str, int] = {}
        self.languages: dict[int, str] = {}
        self.dois: dict[str, int] = {}
        self.early: dict[str, list[int]] = defaultdict(list)  # translations by the original that they came before
        self.likely: dict[str, list[int]] = defaultdict(list)
        self.places: dict[int, str] = {}
        self.at_hand: dict[int, Row] = {}  # that are not stored, or were changed
        self.findings: dict[int, list[tuple[str, str]]] = {}  # in those that were planned, or planned anew
        columns = ("number", "place", "source_id", "record__doi", "record__translation_of", "language", "likeness")
        known = batch.rows.exclude(source_id="").order_by("number").values_list(*columns)
        for row in known.iterator():
            self.learn(*row)

    def learn(self, number, place, source_id, doi, translation_of, language, likeness) -> bool:
        """False where a record of this name was met before."""
        if source_id in self.numbers:
            return False
        self.numbers[source_id], self.places[number], self.languages[number] = number, place, language
        if doi:
            self.dois.setdefault(doi, number)
        if translation_of and translation_of not in self.numbers:
            self.early[translation_of].append(number)
        if likeness:
            self.likely[likeness].append(number)
        return True

    def join(self, rows: list[Row], lines: list[Planned]) -> list[Row]:
        """Look at the next records; returns the rows of earlier ones that changed."""
        self.at_hand = {row.number: row for row in rows}
        self.findings = {row.number: line.findings for row, line in zip(rows, lines, strict=True)}
        for row, line in zip(rows, lines, strict=True):
            if line.record and line.typed:
                row.language, row.likeness = language_of(line), likeness_of(line)
                self.meet(row, line.record)
        return [row for row in self.at_hand.values() if row.pk]

    def meet(self, row: Row, record: Record) -> None:
        same_doi = self.dois.get(record.doi) if record.doi else None
        alike = [*self.likely[row.likeness]] if row.likeness else []
        if not self.learn(
            row.number, row.place, record.id, record.doi, record.translation_of, row.language, row.likeness
        ):
            return
        for number in self.early.pop(record.id, []):
            self.pair(row, self.row(number))
        if (number := self.numbers.get(record.translation_of)) and number != row.number:
            self.pair(self.row(number), row)
        elif same_doi and self.differ(same_doi, row.number):
            whole = self.row(same_doi)
            if told(whole.record) and told(row.record):
                self.pair(whole, row)
            else:
                self.ask(whole, row)
        if row.action != Row.Action.PART:
            for number in alike:
                if number != same_doi and self.differ(number, row.number):
                    self.ask(self.row(number), row)
                    break

    def row(self, number: int) -> Row:
        if number not in self.at_hand:
            self.at_hand[number] = self.batch.rows.get(number=number)
        return self.at_hand[number]

    def differ(self, one: int, two: int) -> bool:
        return {self.languages[one], self.languages[two]} == set(LANGUAGES)

    def ask(self, whole: Row, row: Row) -> None:
        if row.action != Row.Action.PART and whole.action != Row.Action.PART and row.part_of is not whole:
            row.remarks.append(_("Does it translate what stands at %s? It is not joined to that.") % whole.place)

    def pair(self, whole: Row, part: Row) -> None:
        """Make the entry of both, in the row of the original."""
        if Row.Action.PART in (whole.action, part.action):
            return
        if part.action in (Row.Action.SAME, Row.Action.UPDATE):
            part.remarks.append(
                _("It translates what stands at %s, but is an entry of its own here by now.") % whole.place
            )
            return
        original, translation = from_json(whole.record), from_json(part.record)
        if not self.differ(whole.number, part.number) or is_said_in(original, self.languages[part.number]):
            why = _(
                "It is said to translate what stands at %s, but is in no other language of ours: it stays by itself."
            )
            part.remarks.append(why % whole.place)
            return
        if is_said_in(translation, self.languages[whole.number]):  # by another that translates this one
            why = _("It is said to translate what stands at %s, but has a translation itself: it stays by itself.")
            part.remarks.append(why % whole.place)
            return
        merged = joined(original, self.languages[whole.number], translation, self.languages[part.number])
        self.write(whole, self.planner.decide_again(merged, part.place), whole.remarks)
        self.findings[part.number] = []
        part.action, part.state, part.part_of = Row.Action.PART, Row.State.LEFT, whole
        part.reason, part.remarks = _("Part of %s, as its translation.") % whole.place, []

    def rest(self) -> list[Row]:
        """Translations whose original was taken in before and is not in this file; returns their rows."""
        self.at_hand, self.findings = {}, {}
        for original, numbers in self.early.items():
            before = Row.objects.filter(
                batch__source=self.batch.source, source_id=original, state=Row.State.DONE, part_of=None
            ).order_by("-pk").first()  # fmt: skip
            if before and Origin.objects.filter(source=self.batch.source, source_id=original).exists():
                for number in numbers:
                    self.renew(before, self.row(number))
        self.early.clear()
        return list(self.at_hand.values())

    def renew(self, before: Row, row: Row) -> None:
        """The translation as what becomes of the entry that its original is."""
        if row.action != Row.Action.CREATE:
            return
        language = row.language
        original, translation = from_json(before.record), from_json(row.record)
        first = before.language or next(code for code in LANGUAGES if code != language)
        if first == language:
            return
        merged = joined(original, first, translation, language)
        merged.place = row.place
        self.write(row, self.planner.decide_again(merged), [_("Added to the entry that it translates.")])
        row.source_id = merged.id

    def write(self, row: Row, line: Planned, remarks: list[str]) -> None:
        for name, value in line.row(row.number).items():
            setattr(row, name, value)
        row.remarks = list(dict.fromkeys([*remarks, *line.remarks]))
        row.state = row.first_state()
        self.findings[row.number] = line.findings


def language_of(line: Planned) -> str:
    """That of the original, told or guessed; "" where it is in another, or in both of ours already."""
    record = line.record
    if record.language[:2].lower() not in ("", *LANGUAGES):
        return ""
    return "" if all(record.title.get(code) for code in LANGUAGES) else line.typed.language


def likeness_of(line: Planned) -> str:
    """What it has in common with its translation: who and when. "" where that says little."""
    record, fields = line.record, line.typed.snapshot["fields"]
    if not record.people or not fields["date_lo"]:
        return ""
    names = sorted(name_key(person.name) for person in record.people)
    told = [record.kind, fields["date_lo"], str(fields["date_precision"]), *names]
    return sha256("\n".join(told).encode(errors="replace")).hexdigest()[:40]


def told(record: dict) -> bool:
    """Whether the source itself says the language, or which language its only title is in."""
    titles = [language for language, words in record["title"].items() if words]
    return record["language"][:2].lower() in LANGUAGES or (len(titles) == 1 and titles[0] in LANGUAGES)


def is_said_in(record: Record, language: str) -> bool:
    return bool(record.title.get(language))


def joined(original: Record, first: str, translation: Record, second: str) -> Record:
    """One record of both; what the translation has of its own and an entry has once is told."""
    original, translation = in_language(original, first), in_language(translation, second)
    for name in OWN:
        mine, theirs = getattr(original, name), getattr(translation, name)
        if mine and theirs and mine != theirs:
            original.not_taken.append(f"{name}: {theirs}")
        setattr(original, name, mine or theirs)
    add(original, translation)
    original.translation_of = ""
    return original


def in_language(record: Record, language: str) -> Record:
    for name in LOCAL:
        texts = getattr(record, name)
        if words := texts.pop("", ""):
            texts.setdefault(language, words)
    for file in [*record.files, *record.pictures]:
        file.language = file.language or language
    record.language = language
    return record
