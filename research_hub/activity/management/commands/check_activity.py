from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from research_hub.activity.progress import progress_bar
from research_hub.activity.rebuild import drift
from research_hub.activity.side_by_side import add_processes

SHOWN = 50


class Command(BaseCommand):
    help = "Prove that the public lists equal the published entries; say where they do not."

    def add_arguments(self, parser):
        add_processes(parser)

    def handle(self, **options):
        differences = drift(progress_bar(self.stderr._out), options["processes"])
        for difference in differences[:SHOWN]:
            self.stderr.write(difference)
        if differences:
            words = ngettext(
                "The lists differ from the entries in %d place; run rebuild_activity.",
                "The lists differ from the entries in %d places; run rebuild_activity.",
                len(differences),
            )
            raise CommandError(words % len(differences))
        self.stdout.write(_("The lists equal the entries."))
