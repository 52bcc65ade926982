"""A plan kept, carried out and taken back: a handful of records in a transaction, begun again where it was left."""

from collections.abc import Callable, Iterable
from itertools import islice

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from events.models import Event
from publications.models import Author, Publication
from research_hub.activity.kinds import KINDS
from research_hub.activity.sync import writing
from research_hub.editorial import audit, bulk, history
from research_hub.editorial.models import Revision
from research_hub.editorial.versions import apply as write_onto
from research_hub.editorial.versions import laid_over, snapshot
from research_hub.editorial.workflow import BEING_WRITTEN, take

from . import quality
from .models import Batch, Origin, Row
from .plan import Planned, Planner
from .records import Fault, Name, Record, from_json
from .typed import Typed
from .understand import folded, printed_name, sorted_name

STEP, UNDO_STEP = "import", "undo_import"  # as the history names them
CHUNK = 200  # records of a transaction
CHANGES = {Row.Action.CREATE, Row.Action.UPDATE}
ORGANISATION = {
    "institute", "institution", "university", "college", "department", "ministry", "agency", "office", "bureau",
    "center", "centre", "council", "association", "foundation", "organization", "organisation", "commission", "group",
    "committee", "instituto", "universidad", "secretaria", "ministerio", "oficina", "centro", "consejo", "asociacion",
    "fundacion", "organizacion", "comision", "comite", "grupo", "red", "network", "laboratory", "company", "society",
}  # fmt: skip

Progress = Callable[[int, int], None]


class Planning:
    """Reads a file and keeps what would become of each record; nothing else is written. Begun again, it goes on behind
    the last record that was kept."""

    def __init__(self, batch: Batch, read: Callable[[], Iterable[Record | Fault]]):
        self.batch = batch
        self.planner = Planner(batch.source, take_likely_twins=batch.takes_twins)
        self.done = batch.rows.count()
        for name, doi, place in batch.rows.values_list("source_id", "record__doi", "place").iterator():
            self.planner.remember(name, doi or "", place)
        self.lines = self.planner.plan(islice(read(), self.done, None))

    def run(self) -> Batch:
        while self.some():
            pass
        return self.batch

    def some(self) -> bool:
        chunk = list(islice(self.lines, CHUNK))
        with transaction.atomic():
            rows = [Row(batch=self.batch, **line.row(n)) for n, line in enumerate(chunk, start=self.done + 1)]
            for row in rows:
                row.state = Row.State.WAITING if row.action in CHANGES else Row.State.LEFT
            quality.keep(Row.objects.bulk_create(rows), chunk)
            if not rows:
                quality.look_across(self.batch)
                Batch.objects.filter(pk=self.batch.pk).update(state=Batch.State.PLANNED)
        self.done += len(rows)
        return bool(rows)


class Applied:
    """Carries a batch out; what changed here since it was planned is decided anew. A second one, at the same time or
    after the first was killed, goes on where that one is."""

    def __init__(self, batch: Batch, *, by):
        self.batch, self.by = batch, by
        self.planner = Planner(batch.source, take_likely_twins=True)

    def run(self, progress: Progress) -> None:
        total = self.batch.rows.filter(action__in=CHANGES).count()
        while self.some():
            progress(total - self.waiting().count(), total)

    def waiting(self):
        return self.batch.rows.filter(state=Row.State.WAITING).order_by("number")

    def some(self) -> bool:
        """Take in the next of what is waiting; False where nothing is."""
        try:
            return self.take_in(CHUNK)
        except IntegrityError:  # one of them has what only one may have: which one, they tell one by one
            self.planner = Planner(self.batch.source, take_likely_twins=True)
            return self.take_in(1)

    def take_in(self, size: int) -> bool:
        with writing():
            rows = list(self.waiting()[:size])
            if not rows:
                self.set_state(Batch.State.APPLIED)
                return False
            self.set_state(Batch.State.APPLYING)
            try:
                with transaction.atomic():
                    self.store(rows)
            except IntegrityError:
                if size > 1:
                    raise
                leave(rows[0], _("Something that only one entry may have is another’s by now."))
            columns = ["state", "action", "reason", "uid", "revision", "before", "revision_before"]
            Row.objects.bulk_update(rows, columns, batch_size=100)
        return True

    def set_state(self, state: str) -> None:
        if self.batch.state != state:
            self.batch.state = state
            self.batch.save(update_fields=["state"])
            if state == Batch.State.APPLIED:
                audit.record(STEP, by=self.by, subject=self.batch, became=self.batch.standing())

    def store(self, rows: list[Row]) -> None:
        self.planner.places.clear()
        planned = list(self.planner.plan(from_json(row.record) for row in rows))
        new: dict[type, list[tuple[Row, Typed]]] = {Publication: [], Event: []}
        for row, line in zip(rows, planned, strict=True):
            row.action = line.action
            if line.action == Row.Action.CREATE:
                typed = Typed(line.record, self.planner.known, self.author_key)
                new[typed.model].append((row, typed))
            elif line.action == Row.Action.UPDATE:
                self.update(row, line)
            else:
                leave(row, line.reason)
        for model, pairs in new.items():
            self.create(model, pairs)

    def create(self, model, pairs: list[tuple[Row, Typed]]) -> None:
        entries = bulk.create(model, [typed.snapshot for _row, typed in pairs], step=STEP, by=self.by)
        Origin.objects.bulk_create(
            Origin(
                source=self.batch.source,
                source_id=row.source_id,
                model=model._meta.label_lower,
                uid=entry.uid,
                snapshot=typed.snapshot,
                revision=1,
            )
            for (row, typed), entry in zip(pairs, entries, strict=True)
        )
        for (row, _typed), entry in zip(pairs, entries, strict=True):
            row.uid, row.revision, row.state = entry.uid, 1, Row.State.DONE
            if self.batch.is_to_be_public:
                self.publish(row, entry)

    def publish(self, row: Row, entry) -> None:
        """Through the step that anybody takes who publishes without review; what is unfinished stays a draft."""
        try:
            with transaction.atomic():
                take("publish_unreviewed", entry, by=self.by)
        except ValidationError as error:
            row.reason = _("It stays a draft: %s") % " ".join(error.messages)
        else:
            row.revision = last_revision(entry.uid)

    def update(self, row: Row, line: Planned) -> None:
        origin = Origin.objects.get(source=self.batch.source, source_id=row.source_id)
        main = self.planner_entry(origin)
        typed = Typed(line.record, self.planner.known, self.author_key)
        target = main.written_on
        if target.status not in BEING_WRITTEN and not target.has_been_public:
            leave(row, _("It is in the hands of others: %s") % target.get_status_display())
            return
        merged = laid_over(origin.snapshot, typed.snapshot, snapshot(target))
        if target.has_been_public:
            target = main.work_on(merged, by=self.by)
        else:
            write_onto(merged, target)
        target.version, target.updated_by = target.version + 1, self.by
        target.save(update_fields=["version", "updated_by"])
        revision = history.record(target, STEP, by=self.by)
        row.uid, row.revision, row.state = origin.uid, revision.number, Row.State.DONE
        row.before, row.revision_before = origin.snapshot, origin.revision
        origin.snapshot, origin.revision = typed.snapshot, revision.number
        origin.save(update_fields=["snapshot", "revision"])

    def planner_entry(self, origin: Origin):
        model = KINDS[origin.model.partition(".")[2]].model
        return model.objects.get(uid=origin.uid).locked()

    def author_key(self, person: Name) -> int:
        """The author of this name, made where there is none."""
        known = self.planner.known
        if found := known.find_author(person):
            return found
        name = printed_name(person.name)
        is_body = bool(ORGANISATION & set(folded(name).split()))
        author = Author.objects.create(
            name=name[:300],
            sort_name=(name if is_body else sorted_name(person.name))[:300],
            kind=Author.Kind.ORGANISATION if is_body else Author.Kind.PERSON,
            orcid=person.orcid if person.orcid not in known.orcids else "",
        )
        known.learn_author(author.pk, author.orcid, [name])
        return author.pk


def leave(row: Row, reason: str) -> None:
    row.state, row.reason = Row.State.LEFT, reason


def last_revision(uid: str) -> int:
    return Revision.objects.filter(uid=uid).aggregate(last=Max("number"))["last"] or 0


class Undone:
    """Takes a batch back, the last record first, wherever nobody has changed anything since; says where not."""

    def __init__(self, batch: Batch, *, by):
        self.batch, self.by = batch, by

    def run(self, progress: Progress) -> None:
        total = self.done().count()
        while self.some():
            progress(total - self.done().count(), total)

    def done(self):
        return self.batch.rows.filter(state=Row.State.DONE).order_by("-number")

    def some(self) -> bool:
        with writing():
            rows = list(self.done()[:CHUNK])
            Batch.objects.filter(pk=self.batch.pk).update(state=Batch.State.UNDOING if rows else Batch.State.UNDONE)
            if not rows:
                audit.record(UNDO_STEP, by=self.by, subject=self.batch, became=self.batch.standing())
                return False
            self.take_back(rows)
            Row.objects.bulk_update(rows, ["state", "reason"], batch_size=100)
        return True

    def take_back(self, rows: list[Row]) -> None:
        uids = {row.uid for row in rows}
        last = Revision.objects.filter(uid__in=uids).values("uid").annotate(last=Max("number"))
        numbers = dict(last.values_list("uid", "last"))
        unchanged = [row for row in rows if numbers.get(row.uid) == row.revision]
        for row in rows:
            if row not in unchanged:
                row.state, row.reason = Row.State.KEPT, _("It was changed or deleted here since.")
        created = [row for row in unchanged if row.before is None]
        for row in unchanged:
            if row.before is not None:
                self.restore(row)
            row.state = Row.State.UNDONE
        self.delete({row.uid for row in created})

    def delete(self, uids: set[str]) -> None:
        for model in (Publication, Event):
            model.objects.filter(uid__in=uids).delete()
        Revision.objects.filter(uid__in=uids).delete()
        Origin.objects.filter(uid__in=uids).delete()

    def restore(self, row: Row) -> None:
        origin = Origin.objects.get(source=self.batch.source, source_id=row.source_id)
        main = KINDS[origin.model.partition(".")[2]].model.objects.get(uid=origin.uid)
        target = main.written_on
        earlier = Revision.objects.filter(uid=row.uid, number__lt=row.revision).newest_first().first()
        if target.is_working_copy and not earlier.is_copy:
            target.delete()
        else:
            write_onto(earlier.snapshot, target)
            history.record(target, UNDO_STEP, by=self.by)
        origin.snapshot, origin.revision = row.before, row.revision_before
        origin.save(update_fields=["snapshot", "revision"])
