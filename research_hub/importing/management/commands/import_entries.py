from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from research_hub.activity.progress import progress_bar
from research_hub.importing import mapping
from research_hub.importing.apply import Applied, Planning, Undone
from research_hub.importing.attachments import Attachments, NotTaken
from research_hub.importing.models import PUBLISHING, Batch, Row
from research_hub.importing.readers import READERS, reader_for, unreadable

SHOWN = 20


@contextmanager
def told() -> Iterator[None]:
    """That the files which are to come along are not there."""
    try:
        yield
    except NotTaken as error:
        raise CommandError(str(error)) from error


class Command(BaseCommand):
    help = (
        "Take in entries from another system. `plan` says what would become of each record and writes nothing else; "
        "`apply` carries a plan out, and goes on where it was stopped; `undo` takes it back wherever nobody has "
        "changed anything since."
    )

    def add_arguments(self, parser):
        commands = parser.add_subparsers(dest="do", required=True)
        plan = commands.add_parser("plan", help="read a file, and say what would become of each record")
        plan.add_argument("file", type=Path)
        plan.add_argument("--source", required=True, help="what it comes from, the same each time: old-site, zotero")
        plan.add_argument("--format", choices=sorted(READERS), help="told by the file where it is not given")
        plan.add_argument("--files", type=Path, help="a folder or a ZIP archive with the files that the records name")
        plan.add_argument(
            "--columns", metavar="COLUMN=FIELD,…", help="of a table: what a column is; COLUMN= leaves it out"
        )
        plan.add_argument("--twins", action="store_true", help="take in what may be here already, by title and date")
        plan.add_argument("--by", required=True, metavar="USER", help="in whose name")
        for name, words in {"apply": "carry a plan out", "undo": "take back what was applied"}.items():
            command = commands.add_parser(name, help=words)
            command.add_argument("batch", type=int, help="the number that `plan` gave")
            command.add_argument("--by", required=True, metavar="USER", help="in whose name")
            if name == "apply":
                command.add_argument("--publish", action="store_true", help="make public what the checklist lets pass")

    def handle(self, *, do, by, **options):
        user = get_user_model().objects.filter(username=by, is_active=True).first()
        if user is None:
            raise CommandError(f"There is no active account named {by}.")
        getattr(self, do)(user, **options)

    def plan(self, user, *, file, source, format, files, twins, columns, **_options):
        if not file.is_file():
            raise CommandError(f"There is no file {file}.")
        reader = READERS[format] if format else reader_for(file)
        if reader is None:
            raise CommandError(f"{file.name}: {unreadable(file).why} Or name its format by --format.")
        batch = Batch(source=source, file=file.name[:300], format=reader.code, takes_twins=twins, made_by=user)
        batch.folder = str(files.resolve()) if files else ""
        if reader.code == "table":
            self.say_columns(batch, file, columns)
        elif columns:
            raise CommandError("--columns is for tables.")
        with told():
            Attachments.of(batch)
            batch.save()
            Planning(batch, lambda: mapping.read(batch, file)).run()
        self.tell(batch.counts(), Row.Action)
        for row in batch.rows.filter(action=Row.Action.REFUSED).order_by("number")[:SHOWN]:
            self.stdout.write(f"  {row.place}: {row.reason}")
        self.stdout.write(f"Only the plan was written. To carry it out: import_entries apply {batch.pk} --by {user}")

    def say_columns(self, batch: Batch, file: Path, columns: str | None) -> None:
        """As it is told, or as was said of these headers before."""
        try:
            headers = [column.header for column in mapping.columns_of(file)]
            before = mapping.remembered(headers)
            if columns:
                said = mapping.said_in(columns)
                batch.columns = mapping.checked(headers, (before or {}) | said)
            elif before:
                batch.columns = before
                self.stdout.write("The columns are what was said of these headers before.")
        except ValidationError as error:
            raise CommandError("\n".join([*error.messages, f"The fields: {', '.join(mapping.FIELDS)}"])) from error
        except Exception:  # what cannot be read is told by the plan
            return
        batch.headers = mapping.mark_of(headers) if batch.columns else ""

    def apply(self, user, *, batch, publish, **_options):
        batch = self.found(batch)
        if batch.state in (Batch.State.UNDOING, Batch.State.UNDONE):
            raise CommandError("It was taken back; plan the file anew.")
        if batch.state == Batch.State.READING:
            raise CommandError("Its plan is not complete: it is still made, or was stopped; plan the file anew.")
        if not batch.may_be_moved_by(user):
            raise CommandError(f"{user} may not go on with what is made public without review.")
        if publish and not user.has_perms(PUBLISHING):
            raise CommandError(f"{user} may not publish without review.")
        if publish and not batch.is_to_be_public:
            batch.is_to_be_public = True
            batch.save(update_fields=["is_to_be_public"])
        with told():
            Applied(batch, by=user).run(progress_bar(self.stderr._out))
        self.tell(batch.standing(), Row.State)

    def undo(self, user, *, batch, **_options):
        batch = self.found(batch)
        if not batch.may_be_moved_by(user):
            raise CommandError(f"{user} may not take back what was made public without review.")
        Undone(batch, by=user).run(progress_bar(self.stderr._out))
        self.tell(batch.standing(), Row.State)
        for row in batch.rows.filter(state=Row.State.KEPT).order_by("number")[:SHOWN]:
            self.stdout.write(f"  {row}: {row.reason}")

    def found(self, number: int) -> Batch:
        batch = Batch.objects.filter(pk=number).first()
        if batch is None:
            raise CommandError(f"There is no plan with the number {number}.")
        return batch

    def tell(self, counts: dict[str, int], names) -> None:
        for code, n in sorted(counts.items()):
            self.stdout.write(f"{names(code).label}: {n}")
