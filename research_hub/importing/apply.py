"""A plan kept, carried out and taken back: a handful of records in a transaction, begun again where it was left."""

from collections.abc import Callable, Iterable
from itertools import islice

from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.db import DatabaseError, OperationalError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from events.models import Event
from publications.models import Publication
from research_hub.activity.kinds import KINDS
from research_hub.activity.sync import writing
from research_hub.editorial import audit, bulk, history
from research_hub.editorial.models import Revision
from research_hub.editorial.versions import apply as write_onto
from research_hub.editorial.versions import laid_over, snapshot
from research_hub.editorial.workflow import BEING_WRITTEN, take

from . import quality
from .addresses import addresses_of, lead_on, take_away
from .attachments import Attachments
from .belongings import Made, remove_authors, remove_images, unnamed
from .models import Batch, Origin, Row
from .plan import Planned, Planner, over
from .records import Fault, Record, from_json
from .twins import Twins
from .typed import Typed

STEP, UNDO_STEP = "import", "undo_import"  # as the history names them
CHUNK = 200  # records of a transaction
FEW = 10  # the same of those that may have pictures, each of which takes a second
CHANGED = ["action", "state", "reason", "remarks", "record", "title", "source_id", "uid", "part_of"]
WRITTEN = ["state", "action", "reason", "remarks", "uid", "revision", "before", "revision_before", "added"]
CHANGES = {Row.Action.CREATE, Row.Action.UPDATE}
Progress = Callable[[int, int], None]


class Planning:
    """Reads a file and keeps what would become of each record; nothing else is written. Begun again, it goes on behind
    the last record that was kept."""

    def __init__(self, batch: Batch, read: Callable[[], Iterable[Record | Fault]]):
        self.batch = batch
        self.attachments = Attachments.of(batch)
        self.planner = Planner(batch.source, batch.takes_twins, self.attachments)
        self.done = batch.rows.count()
        for name, doi, place in batch.rows.values_list("source_id", "record__doi", "place").iterator():
            self.planner.remember(name, doi or "", place)
        self.twins = Twins(batch, self.planner)
        self.lines = self.planner.plan(islice(read(), self.done, None))

    def run(self) -> Batch:
        while self.some():
            pass
        return self.batch

    def some(self) -> bool:
        lines = list(islice(self.lines, FEW if self.attachments else CHUNK))
        with transaction.atomic():
            rows = [Row(batch=self.batch, **line.row(n)) for n, line in enumerate(lines, start=self.done + 1)]
            for row in rows:
                row.state = row.first_state()
            changed = self.twins.join(rows, lines) if rows else self.twins.rest()
            parts = [(row, row.part_of) for row in [*rows, *changed] if row.part_of]
            for row, _whole in parts:
                row.part_of = None
            Row.objects.bulk_create(rows)
            for row, whole in parts:  # which has a number of its own by now
                row.part_of = whole
            written = {row.number: row for row in [*changed, *(part for part, _whole in parts)]}
            Row.objects.write(list(written.values()), CHANGED)
            quality.keep([*rows, *changed], self.twins.findings)
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
        self.attachments = Attachments.of(batch)
        self.begin()

    def begin(self) -> None:
        """Know what there is; also after something was rolled back that was known already."""
        self.planner = Planner(self.batch.source, True, self.attachments)
        self.belongings = Made(self.planner.known, self.batch.source, self.attachments)

    def run(self, progress: Progress) -> None:
        total = self.batch.rows.filter(action__in=CHANGES).count()
        while self.some():
            progress(total - self.waiting().count(), total)

    def waiting(self):
        return self.batch.rows.filter(state=Row.State.WAITING).order_by("number")

    def some(self) -> bool:
        """Take in the next of what is waiting; False where nothing is."""
        size = FEW if self.attachments else CHUNK
        try:
            return self.take_in(size)
        except DatabaseError:  # one of them has what only one may have: which one, they tell one by one
            self.begin()
        return all(self.take_in(1) for _one in range(size))

    def take_in(self, size: int) -> bool:
        with writing():
            self.batch.refresh_from_db(fields=["state"])
            if self.batch.state in (Batch.State.UNDOING, Batch.State.UNDONE):  # by somebody else, meanwhile
                return False
            rows = list(self.waiting()[:size])
            if not rows:
                self.set_state(Batch.State.APPLIED)
                return False
            self.set_state(Batch.State.APPLYING)
            try:
                with transaction.atomic():
                    self.store(rows)
            except DatabaseError as error:
                if size > 1 or isinstance(error, OperationalError):
                    raise
                self.begin()
                rows = list(self.waiting()[:1])
                leave(rows[0], _("Something that only one entry may have is another’s by now."))
            tell_parts(rows)
            Row.objects.write(rows, WRITTEN)
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
        changing = [line.record for line in planned if line.action in CHANGES]
        self.belongings.make_authors(person for record in changing for person in record.people)
        new: dict[type, list[tuple[Row, Typed]]] = {Publication: [], Event: []}
        for row, line in zip(rows, planned, strict=True):
            row.action, row.remarks = line.action, list(dict.fromkeys([*row.remarks, *line.remarks]))
            if line.action == Row.Action.CREATE:
                typed = Typed(line.record, self.belongings)
                row.added = self.belongings.take_added()
                new[typed.model].append((row, typed))
            elif line.action == Row.Action.UPDATE:
                self.update(row, line)
            else:
                leave(row, line.reason)
        for model, pairs in new.items():
            self.create(model, pairs)
        self.lead_on(
            [(row, line.record) for row, line in zip(rows, planned, strict=True) if row.state == Row.State.DONE]
        )

    def lead_on(self, done: list[tuple[Row, Record]]) -> None:
        """The addresses that these had elsewhere lead to what they became."""
        wanted: dict[str, Row] = {}
        for row, record in done:
            for address in addresses_of(record, self.batch.source):
                wanted.setdefault(address, row)
        for address, key in lead_on({address: row.uid for address, row in wanted.items()}).items():
            wanted[address].added.setdefault("addresses", []).append(key)

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
        for (row, typed), entry in zip(pairs, entries, strict=True):
            row.uid, row.revision, row.state = entry.uid, 1, Row.State.DONE
            if self.batch.is_to_be_public and typed.record.draft:
                row.reason = _("It stays a draft, as it was where it comes from.")
            elif self.batch.is_to_be_public:
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
        target = main.written_on
        if target.status not in BEING_WRITTEN and not target.has_been_public:
            leave(row, _("It is in the hands of others: %s") % target.get_status_display())
            return
        typed = Typed(line.record, self.belongings)
        row.added = self.belongings.take_added()
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
        origin.snapshot, origin.revision = over(origin.snapshot, typed.snapshot), revision.number
        origin.save(update_fields=["snapshot", "revision"])

    def planner_entry(self, origin: Origin):
        model = KINDS[origin.model.partition(".")[2]].model
        return model.objects.get(uid=origin.uid).locked()


def leave(row: Row, reason: str) -> None:
    row.state, row.reason = Row.State.LEFT, reason


def tell_parts(rows: list[Row]) -> None:
    """What became of an entry became of the records that are part of it."""
    became = {row.pk: row for row in rows}
    parts = list(Row.objects.filter(part_of__in=became))
    for part in parts:
        whole = became[part.part_of_id]
        part.state, part.uid = whole.state, whole.uid
    Row.objects.write(parts, ["state", "uid"])


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
        return self.batch.rows.filter(state=Row.State.DONE, part_of=None).order_by("-number")

    def some(self) -> bool:
        with writing():
            rows = list(self.done()[:CHUNK])
            self.batch.rows.filter(state=Row.State.WAITING).update(state=Row.State.LEFT)
            Batch.objects.filter(pk=self.batch.pk).update(state=Batch.State.UNDOING if rows else Batch.State.UNDONE)
            if not rows:
                audit.record(UNDO_STEP, by=self.by, subject=self.batch, became=self.batch.standing())
                return False
            self.take_back(rows)
            Row.objects.write(rows, ["state", "reason"])
            tell_parts(rows)
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
        remove_authors([key for row in created for key in row.added.get("authors", [])])
        take_away([key for row in unchanged for key in row.added.get("addresses", [])], uids)
        self.discard(created)

    def discard(self, created: list[Row]) -> None:
        """The files and pictures that came with entries which are gone; what an update brought, its version names."""
        remove_images([key for row in created for key in row.added.get("images", [])])
        files = unnamed([name for row in created for name in row.added.get("files", [])])
        transaction.on_commit(lambda: [default_storage.delete(name) for name in files], robust=True)

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
        if earlier.number == row.revision_before:  # else somebody wrote here between the two imports
            former = Row.objects.filter(uid=row.uid, revision=row.revision_before, state=Row.State.DONE)
            former.update(revision=last_revision(row.uid))
        origin.snapshot, origin.revision = row.before, row.revision_before
        origin.save(update_fields=["snapshot", "revision"])
