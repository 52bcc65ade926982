from django.core.management.base import BaseCommand

from research_hub.editorial.roles import ROLES, install_roles


class Command(BaseCommand):
    help = "Make a group for each role, with exactly the rights that editorial/roles.py gives it."

    def handle(self, **options):
        install_roles()
        self.stdout.write(f"Installed: {', '.join(ROLES)}.")
