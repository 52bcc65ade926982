from django.core.management.base import BaseCommand

from research_hub.activity.progress import progress_bar
from research_hub.activity.rebuild import rebuild
from research_hub.activity.side_by_side import add_processes


class Command(BaseCommand):
    help = "Make the public lists anew from the published entries, in one transaction."

    def add_arguments(self, parser):
        add_processes(parser)

    def handle(self, **options):
        self.stdout.write(f"{rebuild(progress_bar(self.stderr._out), options['processes'])} entries are listed.")
