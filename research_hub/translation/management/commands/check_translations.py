from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

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
            words = ngettext(
                "The states differ from the texts in %d place; run make_translations.",
                "The states differ from the texts in %d places; run make_translations.",
                len(differences),
            )
            raise CommandError(words % len(differences))
        self.stdout.write(_("The states of all translations are right."))
