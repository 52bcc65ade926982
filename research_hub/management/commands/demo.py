import os
import socket
from threading import Thread

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from research_hub.demonstration.load import PASSWORD, load_demonstration, site_words
from research_hub.editorial.roles import ROLES

LOOK_EVERY = 20  # seconds, for what is due


class Command(BaseCommand):
    help = "Serve the site with demonstration content on 127.0.0.1, for looking at it; never for the internet."

    def add_arguments(self, parser):
        parser.add_argument("--port", type=int, default=8000)

    def handle(self, port, **options):
        if not settings.DEMO:
            raise CommandError("The demonstration makes accounts with a known password: set DEMO=1 to allow it.")
        self.check_port(port)
        settings.SITE_URL = f"http://127.0.0.1:{port}"
        settings.SITE_NAME, settings.SITE_TAGLINE = site_words()
        call_command("migrate", verbosity=0)
        self.stdout.write("Loading the demonstration content …")
        load_demonstration()
        self.stdout.write(self.welcome())
        Thread(target=call_command, args=["publish_due"], kwargs={"every": LOOK_EVERY}, daemon=True).start()
        os.environ["DJANGO_RUNSERVER_HIDE_WARNING"] = "true"
        call_command("runserver", f"127.0.0.1:{port}", use_reloader=False, skip_checks=True)

    def check_port(self, port: int) -> None:
        if not 1024 <= port <= 65535:
            raise CommandError(f"{port} is no port for this: take one from 1024 to 65535, as in `make demo PORT=8123`.")
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                raise CommandError(f"Port {port} is in use: take another, as in `make demo PORT={port + 1}`.")

    def welcome(self) -> str:
        lines = [
            "",
            f"The site:   {settings.SITE_URL}/      in Spanish: {settings.SITE_URL}/es/",
            f"A topic:    {settings.SITE_URL}/topics/irregular-crossings/",
            f"For staff:  {settings.SITE_URL}/admin/   in Spanish: {settings.SITE_URL}/es/admin/",
            "",
            "Log in as any of these (for the demonstration only):",
            *(f"  {role:15} password: {PASSWORD}" for role in ROLES),
            "",
        ]
        return "\n".join(lines)
