from django.core.management.base import BaseCommand

from research_hub.editorial.notices import Notice, forget_old, send_waiting


class Command(BaseCommand):
    help = "Send the daily digests of notices, and the notices that could not be sent before; to be run once a day."

    def handle(self, **options):
        sent = send_waiting()
        forget_old()
        left = Notice.objects.waiting().count()
        self.stdout.write(f"Messages sent: {sent}. Notices still waiting: {left}.")
