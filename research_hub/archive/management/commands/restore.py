from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from research_hub.activity.progress import progress_bar
from research_hub.archive.backups import Failed, put_back


class Command(BaseCommand):
    help = "Put back what `backup` copied, database and files; the site is stopped meanwhile."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, help="research-hub-20261124T031500Z.zip")
        parser.add_argument("--replace", action="store_true", help="in place of the site that is there, which is lost")

    def handle(self, *, file, replace, **options):
        if not file.is_file():
            raise CommandError(f"There is no file {file}.")
        try:
            counts = put_back(file, progress_bar(self.stderr._out), replace=replace)
        except Failed as failed:
            raise CommandError(f"{failed}") from failed
        self.stdout.write(f"{sum(counts.values())} rows and their files were put back. Now run `migrate`.")
