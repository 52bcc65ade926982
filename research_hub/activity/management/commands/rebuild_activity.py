from django.core.management.base import BaseCommand

from research_hub.activity.progress import progress_bar
from research_hub.activity.rebuild import rebuild


class Command(BaseCommand):
    help = "Make the public lists anew from the published entries, in one transaction."

    def handle(self, **options):
        self.stdout.write(f"{rebuild(progress_bar(self.stderr._out))} entries are listed.")
