from django.core.management.base import BaseCommand, CommandError

from research_hub.activity.progress import progress_bar
from research_hub.activity.rebuild import drift

SHOWN = 50


class Command(BaseCommand):
    help = "Prove that the public lists equal the published entries; say where they do not."

    def handle(self, **options):
        differences = drift(progress_bar(self.stderr._out))
        for difference in differences[:SHOWN]:
            self.stderr.write(difference)
        if differences:
            raise CommandError(f"The lists differ from the entries in {len(differences)} places; run rebuild_activity.")
        self.stdout.write("The lists equal the entries.")
