import sys
import zlib
from contextlib import nullcontext
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from research_hub.translation.reads import NoLog, Overtaken, count_log, tell_the_queue


class Command(BaseCommand):
    help = (
        "Count how often each publication and event was read, from the web server's access logs in the Common or "
        "Combined Log Format. What was counted is not counted again, also where a log was rotated or packed meanwhile. "
        "No addresses and no names of readers are kept."
    )

    def add_arguments(self, parser):
        parser.add_argument("files", nargs="+", metavar="FILE", help="a log, packed by gzip or not; - is what comes in")

    def handle(self, files, **options):
        for name in files:
            try:
                with nullcontext(sys.stdin.buffer) if name == "-" else Path(name).open("rb") as file:
                    reads = count_log(file)
            except (OSError, EOFError, zlib.error) as error:
                raise CommandError(f"{name} cannot be read, and nothing of it is counted: {error}") from error
            except NoLog as error:
                raise CommandError(f"{name} is no log in the Common or Combined Log Format.") from error
            except Overtaken as error:
                raise CommandError(
                    f"{name} is not counted: another count_reads ended meanwhile. Run it again."
                ) from error
            self.stdout.write(f"{name}: reads counted: {reads}")
        tell_the_queue(timezone.localdate())
