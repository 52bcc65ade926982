from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from research_hub.activity.progress import progress_bar
from research_hub.archive.moving import NotMoved, move


class Command(BaseCommand):
    help = (
        "Make the same site in another database, as from SQLite to PostgreSQL, and prove that it is the same. "
        "Stop the site first. This one stays as it is; the new one begins when DATABASE_URL names it."
    )

    def add_arguments(self, parser):
        parser.add_argument("url", help="of an empty database: postgres://name:password@host:5432/research_hub")
        parser.add_argument(
            "--files-to",
            type=Path,
            metavar="FOLDER",
            help="its DATA_DIR, where that is another: files are copied",
        )

    def handle(self, *, url, files_to, **options):
        try:
            manifest = move(url, files_to and files_to.absolute(), self.step)
        except NotMoved as error:
            raise CommandError(str(error)) from error
        records = sum(told["count"] for told in manifest["records"].values())
        self.stdout.write(f"{records} records are there now, the same as here.")
        told = f" and DATA_DIR={files_to.absolute()}" if files_to else ""
        self.stdout.write(f"Set DATABASE_URL to that address{told}, and start the site.")

    def step(self, words: str):
        self.stderr.write(f"{words} …", self.style.NOTICE)
        return progress_bar(self.stderr._out)
