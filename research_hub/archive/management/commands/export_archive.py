from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from research_hub.activity.progress import progress_bar
from research_hub.archive.export import export


class Command(BaseCommand):
    help = (
        "Write everything of the site into one file, as docs/archive.md describes it: to leave, to move, to keep. "
        "It holds drafts, accounts and the audit log: keep it as you keep the database."
    )

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, help="where to write it: site.zip")
        parser.add_argument("--with-passwords", action="store_true", help="with the hashes of the passwords, to move")
        parser.add_argument("--without-files", action="store_true", help="the records alone")
        parser.add_argument("--replace", action="store_true", help="replace the file, where there is one already")

    def handle(self, *, file, with_passwords, without_files, replace, **options):
        if file.exists() and not replace:
            raise CommandError(f"{file} is there already; choose another name, or give --replace.")
        if not file.absolute().parent.is_dir():
            raise CommandError(f"There is no folder {file.absolute().parent}.")
        progress = progress_bar(self.stderr._out)
        manifest = export(file, passwords=with_passwords, progress=progress, with_files=not without_files)
        records = sum(told["count"] for told in manifest["records"].values())
        self.stdout.write(f"{records} records and {len(manifest['files'])} files are in {file}.")
        for name in [] if without_files else manifest["missing"]:
            self.stderr.write(f"{name}: a record names this file, but it is not there")
