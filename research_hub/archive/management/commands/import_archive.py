from pathlib import Path

from django.core.files.storage import default_storage
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from research_hub.activity.progress import progress_bar
from research_hub.archive.opening import Refused
from research_hub.archive.taking import take_in


class Command(BaseCommand):
    help = "Take the archive of a whole site, as export_archive writes it, into an empty site: all of it, or nothing."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, help="site.zip")

    def handle(self, *, file, **options):
        if not file.is_file():
            raise CommandError(f"There is no file {file}.")
        try:
            archive = take_in(file, self.step)
        except Refused as refused:
            raise CommandError(f"Nothing was taken in. {refused}") from refused
        self.stdout.write(f"{archive.count()} records and {len(archive.files)} files were taken in.")
        for name in archive.manifest["missing"]:
            if not default_storage.exists(name):
                self.stderr.write(f"{name}: a record names this file, but neither the archive nor this site has it")
        if not archive.passwords:
            self.stdout.write("Accounts have no passwords yet: give one with `manage.py changepassword NAME`.")
        call_command("make_renditions", stdout=self.stdout, stderr=self.stderr)

    def step(self, words: str):
        if self.stderr._out.isatty():
            self.stderr.write(f"{words} …", self.style.NOTICE)
        return progress_bar(self.stderr._out)
