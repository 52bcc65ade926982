import time

from django.core.management.base import BaseCommand
from django.db import OperationalError, close_old_connections

from research_hub.editorial.due import carry_out_due
from research_hub.editorial.history import forget_deleted
from research_hub.operations.models import Heartbeat


class Command(BaseCommand):
    help = (
        "Publish and withdraw what is due, and end embargoes; to be run every minute, or kept running with --every. "
        "It may run on several machines at once, and catches up after an outage."
    )

    def add_arguments(self, parser):
        parser.add_argument("--every", type=int, metavar="SECONDS", help="keep running, and look again after so long")

    def handle(self, every=None, **options):
        while True:
            try:
                self.look()
            except OperationalError as error:  # the database is away: it may be back the next time
                if not every:
                    raise
                self.stderr.write(f"publish_due: {error}")
            if not every:
                return
            close_old_connections()
            time.sleep(every)

    def look(self):
        for outcome in carry_out_due():
            told = f"{outcome.code}: “{outcome.title}”, planned for {outcome.planned:%Y-%m-%d %H:%M %Z}"
            if outcome.refused:
                self.stderr.write(self.style.ERROR(f"{told}: refused: {outcome.refused}"))
            elif outcome.is_late:
                self.stdout.write(self.style.WARNING(f"{told}: late by {outcome.late_by}"))
            else:
                self.stdout.write(told)
        if forgotten := forget_deleted():
            self.stdout.write(f"{forgotten} versions of drafts deleted long ago are gone.")
        Heartbeat.beat("publish_due")
