from django.core.management.base import BaseCommand

from research_hub.activity.progress import progress_bar
from research_hub.translation.states import rebuild, remember_anew


class Command(BaseCommand):
    help = "Work out anew where the translation of each text stands, and fill the translation memory anew."

    def handle(self, **options):
        known = rebuild(progress_bar(self.stderr._out))
        remember_anew(progress_bar(self.stderr._out))
        self.stdout.write(f"The translations of {known} entries are known.")
