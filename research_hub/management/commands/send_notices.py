from django.core.management.base import BaseCommand
from django.utils import timezone

from research_hub.editorial.notices import Notice, forget_old, send_waiting
from research_hub.translation.reminders import remind


class Command(BaseCommand):
    help = (
        "Remind of overdue translations, and send the daily digests of notices and the notices that could not be sent "
        "before; to be run once a day."
    )

    def handle(self, **options):
        remind(timezone.localdate())
        sent = send_waiting()
        forget_old()
        left = Notice.objects.waiting().count()
        self.stdout.write(f"Messages sent: {sent}. Notices still waiting: {left}.")
