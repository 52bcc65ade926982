from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from research_hub.activity.progress import progress_bar
from research_hub.archive.backups import Failed, back_up, keep_newest, verify


class Command(BaseCommand):
    help = "Copy the database and the files into one file, while people work; `restore` puts it back."

    def add_arguments(self, parser):
        parser.add_argument("folder", type=Path, help="where backups are kept: better on another machine")
        parser.add_argument("--verify", action="store_true", help="restore it for a trial, and compare")
        parser.add_argument("--keep", type=int, metavar="N", help="delete all but the newest N in the folder")

    def handle(self, *, folder, verify: bool, keep, **options):
        if not folder.is_dir():
            raise CommandError(f"There is no folder {folder}.")
        if keep is not None and keep < 1:
            raise CommandError("Keep 1 at least.")
        try:
            path = back_up(folder, progress_bar(self.stderr._out))
            self.stdout.write(f"The backup is {path}.")
            if settings.FILES_BUCKET:
                self.stdout.write("It holds the database alone: the files are in FILES_BUCKET.")
            if verify:
                self.prove(path)
        except Failed as failed:
            raise CommandError(str(failed)) from failed
        for old in keep_newest(folder, keep) if keep else []:
            self.stdout.write(f"{old.name} was deleted.")

    def prove(self, path: Path) -> None:
        counts = verify(path)
        self.stdout.write(
            f"Restored for a trial, it has the same {sum(counts.values())} rows, and its lists are right."
        )
