from django.core.management.base import BaseCommand, CommandError

from research_hub.activity.progress import progress_bar
from research_hub.media.models import Image


class Command(BaseCommand):
    help = "Make the smaller copies of pictures that are missing, as after an upgrade or where making them failed."

    def handle(self, **options):
        draw, total, made = progress_bar(self.stderr._out), Image.objects.count(), 0
        failed = []
        for done, image in enumerate(Image.objects.order_by("pk").iterator(), start=1):
            if image.missing:
                try:
                    image.make_renditions()
                    made += 1
                except Exception as error:  # a file may be gone or broken in any way; the others are made all the same
                    failed.append(f"{image.file.name}: {error}")
            draw(done, total)
        self.stdout.write(f"The smaller copies of {made} pictures were made.")
        if failed:
            raise CommandError("\n".join(["These pictures could not be read:", *failed]))
