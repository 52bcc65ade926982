"""What would become of each record: said before anything is written."""

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from itertools import islice
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from events.models import Event
from publications.models import Publication
from research_hub.editorial.models import Revision
from research_hub.editorial.versions import Snapshot, existing, fill, own_fields, row_sets, snapshot
from research_hub.languages.text import LANGUAGES

from .addresses import addresses_of, elsewhere
from .attachments import Attachments
from .belongings import Belongings
from .known import Known
from .models import Origin, Row
from .quality import findings_in, remarks_of
from .records import Fault, Note, Record
from .typed import Typed

CHUNK = 500

Action = Row.Action


@dataclass
class Planned:
    """One line of a plan."""

    place: str
    action: str
    reason: str = ""
    record: Record | None = None
    typed: Typed | None = None
    uid: str = ""  # of the entry that it is, where there is one
    remarks: list[str] = field(default_factory=list)
    findings: list[tuple[str, str]] = field(default_factory=list)  # what had better be looked at

    @property
    def title(self) -> str:
        titles = self.record.title if self.record else {}
        return (titles.get(self.record.language) or next(filter(None, titles.values()), ""))[:1200] if titles else ""

    def row(self, number: int) -> dict[str, Any]:
        return {
            "number": number,
            "place": self.place[:100],
            "source_id": self.record.id[:500] if self.record else "",
            "title": self.title,
            "action": self.action,
            "reason": self.reason,
            "remarks": self.remarks,
            "record": asdict(self.record) if self.record else {},
            "uid": self.uid,
        }


class Planner:
    """Plans the records of one source, in the order they come; `take_likely_twins` creates what may be here already."""

    def __init__(self, source: str, take_likely_twins: bool = False, attachments: Attachments | None = None):
        self.source, self.take_likely_twins = source, take_likely_twins
        self.known = Known(source)
        self.belongings = Belongings(self.known, source, attachments)
        self.places: dict[str, str] = {}
        self.dois: dict[str, str] = {}

    def plan(self, found: Iterable[Record | Fault]) -> Iterator[Planned]:
        found = iter(found)
        while chunk := list(islice(found, CHUNK)):
            records = [record for record in chunk if isinstance(record, Record)]
            surroundings = Surroundings(self.source, records)
            for item in chunk:
                if isinstance(item, Fault):
                    action = Action.NOTE if isinstance(item, Note) else Action.REFUSED
                    yield Planned(item.place, action, str(item.why))
                else:
                    yield self.decide(item, surroundings)

    def remember(self, name: str, doi: str, place: str) -> None:
        """That a record of this name, and this DOI if it has one, was planned."""
        self.places[name] = place
        if doi:
            self.dois[doi] = place

    def decide(self, record: Record, around: "Surroundings") -> Planned:
        if twice := self.places.get(record.id):
            return refused(record, _("The same record stands at %s already.") % twice)
        self.remember(record.id, "", record.place)
        typed = Typed(record, self.belongings)
        origin = around.origins.get(record.id)
        planned = self.as_known(record, typed, origin, around) if origin else self.as_new(record, typed, around)
        addresses = elsewhere(addresses_of(record, self.source), planned.uid)
        used = [_("An old address that is in use, and stays as it is: %s") % address for address in addresses]
        planned.typed, planned.findings = typed, list(findings_in(typed))
        planned.remarks = [*typed.remarks, *remarks_of(planned.findings), *used]
        return planned

    def decide_again(self, record: Record, *parts: str) -> Planned:
        """Of a record that was planned and has what stands at these places now."""
        self.places.pop(record.id, None)
        if self.dois.get(record.doi) in (record.place, *parts):
            del self.dois[record.doi]
        return self.decide(record, Surroundings(self.source, [record]))

    def as_known(self, record: Record, typed: Typed, origin: Origin, around: "Surroundings") -> Planned:
        entry = around.entries.get(origin.uid)
        if entry is None:
            return refused(record, _("It was taken in before and deleted here since."))
        if over(origin.snapshot, typed.snapshot) == origin.snapshot:
            return Planned(record.place, Action.SAME, record=record, uid=origin.uid)
        if clash := changed_here_too(origin, typed.snapshot, snapshot(entry.written_on)):
            names = ", ".join(labels_of(clash, entry))
            return refused(record, _("Both here and in the source these were changed since: %s") % names, origin.uid)
        if fault := fault_of(typed, entry.written_on):
            return refused(record, fault, origin.uid)
        return Planned(record.place, Action.UPDATE, record=record, uid=origin.uid)

    def as_new(self, record: Record, typed: Typed, around: "Surroundings") -> Planned:
        doi = typed.snapshot["fields"].get("doi", "")
        if doi and doi in around.dois:
            return refused(record, _("An entry with this DOI is here already: %s") % around.dois[doi], around.dois[doi])
        if doi and doi in self.dois:
            return refused(record, _("The same DOI stands at %s already.") % self.dois[doi])
        if fault := fault_of(typed):
            return refused(record, fault)
        if (twin := around.likely_twin(typed.snapshot)) and not self.take_likely_twins:
            return refused(record, _("It may be here already, with the same title and date: %s") % twin, twin)
        self.remember(record.id, doi, record.place)
        return Planned(record.place, Action.CREATE, record=record)


def refused(record: Record, reason: str, uid: str = "") -> Planned:
    return Planned(record.place, Action.REFUSED, reason, record, uid=uid)


class Surroundings:
    """What this site has that a handful of records may be, in a fixed number of queries."""

    def __init__(self, source: str, records: list[Record]):
        ids = [record.id for record in records]
        self.origins = {o.source_id: o for o in Origin.objects.filter(source=source, source_id__in=ids)}
        uids = [origin.uid for origin in self.origins.values()]
        self.entries = {
            entry.uid: entry
            for model in (Publication, Event)
            for entry in model.objects.filter(uid__in=uids).select_related("working_copy")
        }
        dois = {record.doi for record in records if record.doi}
        self.dois = dict(Publication.objects.main().filter(doi__in=dois).values_list("doi", "uid"))
        self.titles = self._titled({" ".join(title.split()) for r in records for title in r.title.values() if title})

    @staticmethod
    def _titled(titles: set[str]) -> dict[tuple, str]:
        columns = [f"title_{language}" for language in LANGUAGES]
        found = {}
        for model in (Publication, Event):
            named = Q(*((f"{column}__in", titles) for column in columns), _connector=Q.OR)
            rows = model.objects.main().filter(named).values_list("uid", "date_lo", *columns)
            found |= {
                (model._meta.label_lower, title, lo and lo.isoformat()): uid
                for uid, lo, *words in rows
                for title in words
            }
        return found

    def likely_twin(self, wanted: Snapshot) -> str | None:
        fields = wanted["fields"]
        titles = filter(None, (fields[f"title_{language}"] for language in LANGUAGES))
        keys = ((wanted["model"], title, fields["date_lo"]) for title in titles)
        return next((self.titles[key] for key in keys if key in self.titles), None)


def over(before: Snapshot, wanted: Snapshot) -> Snapshot:
    """What a source said before, with what it says now; of files it says nothing where none came along."""
    return before | {part: before[part] | wanted[part] for part in ("fields", "links", "rows")}


def changed_here_too(origin: Origin, wanted: Snapshot, stored: Snapshot) -> list[str]:
    """What differs in the source from what was taken over, and here from what that became."""
    became = Revision.objects.get(uid=origin.uid, number=origin.revision).snapshot
    return [
        name
        for part in ("fields", "links", "rows")
        for name, value in wanted[part].items()
        if value != origin.snapshot[part].get(name) and stored[part].get(name) not in (value, became[part].get(name))
    ]


def fault_of(typed: Typed, entry=None) -> str:
    """Why the entry could not be saved so; empty where it could."""
    entry = entry or typed.model()
    fields = own_fields(entry)
    values = typed.snapshot["fields"]
    relations = {field.name for field in fields if field.is_relation}
    try:
        fill(entry, fields, values, existing(fields, []) | {name: {values.get(name)} for name in relations})
        entry.clean_fields(exclude=relations | entry.KEPT_BY_THE_HOUSE)
        entry.clean()
    except ValidationError as error:
        return said(error, entry)
    return ""


def labels_of(names: list[str], entry) -> list[str]:
    """Columns, links and rows of an entry as its form names them."""
    columns = {field.name: field.verbose_name for field in entry._meta.get_fields() if hasattr(field, "verbose_name")}
    rows = {name: relation.related_model._meta.verbose_name_plural for name, relation in row_sets(entry).items()}
    return [str(capfirst((columns | rows).get(name, name))) for name in names]


def said(error: ValidationError, entry) -> str:
    labels = {field.name: capfirst(field.verbose_name) for field in own_fields(entry)}
    faults = error.message_dict if hasattr(error, "error_dict") else {"": error.messages}
    faults = {name: words for name, words in faults.items() if f"{name}_en" not in labels}  # said of each language
    return " ".join(f"{labels.get(name, '')}: {' '.join(words)}".lstrip(": ") for name, words in faults.items())
