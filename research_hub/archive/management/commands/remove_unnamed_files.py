from django.core.files.storage import default_storage
from django.core.management.base import BaseCommand

from research_hub.archive.unnamed import unnamed_files


class Command(BaseCommand):
    help = (
        "Find stored files that no record, version or import names, as an import leaves them behind that was killed. "
        "They are only listed, unless --delete is given. What is younger than a day is left alone."
    )

    def add_arguments(self, parser):
        parser.add_argument("--delete", action="store_true", help="delete them")

    def handle(self, *, delete, **options):
        found = unnamed_files()
        for name in found:
            if delete:
                default_storage.delete(name)
            self.stdout.write(name)
        done = "were deleted" if delete else "are named by nothing; --delete deletes them" if found else "are unnamed"
        self.stdout.write(f"{len(found)} files {done}.")
