from django.core.management.base import BaseCommand, CommandError

from research_hub.activity.progress import progress_bar
from research_hub.translation.states import drift

SHOWN = 50


class Command(BaseCommand):
    help = "Prove that what is stored of translations is what the texts say; say where it is not."

    def handle(self, **options):
        differences = drift(progress_bar(self.stderr._out))
        for difference in differences[:SHOWN]:
            self.stderr.write(difference)
        if differences:
            raise CommandError(f"The states differ from the texts in {len(differences)} places; run make_translations.")
        self.stdout.write("The states of all translations are right.")
