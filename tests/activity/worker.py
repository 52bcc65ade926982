"""One of several writers at once: `worker SEED OPERATIONS` works on whatever stands in the database."""

import random
import sys

import django

django.setup()

from django.contrib.auth import get_user_model  # noqa: E402
from django.db import transaction  # noqa: E402

from events.models import Event  # noqa: E402
from publications.models import Author, Publication, PublicationTopic  # noqa: E402
from research_hub.activity.dates import PartialDate  # noqa: E402
from research_hub.activity.kinds import KINDS  # noqa: E402
from research_hub.activity.sync import sync_entries, sync_entry, writing  # noqa: E402
from research_hub.editorial.versions import snapshot  # noqa: E402
from topics.models import Region, Topic  # noqa: E402


class Writer:
    def __init__(self, seed: int):
        self.chance = random.Random(seed)
        self.user = get_user_model().objects.get()

    def some(self, model):
        return model.objects.get(pk=self.chance.choice(list(model.objects.order_by("pk").values_list("pk", flat=True))))

    def publish(self):
        self.some(self.chance.choice([Publication, Event])).publish(by=self.user)

    def publish_a_new_version(self):
        entry = self.some(Publication)
        written = snapshot(entry)
        written["fields"]["title_en"] = f"Version {self.chance.random()}"
        with writing():
            entry.locked().work_on(written, by=self.user).publish(by=self.user)

    def withdraw(self):
        self.some(self.chance.choice([Publication, Event])).withdraw(by=self.user)

    @transaction.atomic
    def move_to_another_topic(self):
        entry = self.some(Publication)
        entry.save()
        PublicationTopic.objects.filter(publication=entry).delete()
        PublicationTopic.objects.create(publication=entry, topic=self.some(Topic))
        sync_entry(entry)

    @transaction.atomic
    def change_the_date(self):
        entry = self.some(Publication)
        year = self.chance.randrange(2000, 2020)
        entry.date = self.chance.choice([PartialDate.year(year), PartialDate.month(year, 2)])
        entry.save()
        sync_entry(entry)

    def rename_an_author(self):
        author = self.some(Author)
        author.name = f"Author {self.chance.random()}"
        author.save()

    def move_a_topic(self):
        topic = self.some(Topic)
        if not topic.children.exists():
            topic.parent = self.chance.choice([None, Topic.objects.order_by("pk").first()])
            topic.parent = None if topic.parent == topic else topic.parent
            topic.save()

    def add_and_delete_a_region(self):
        region = Region.objects.create(name_en="Somewhere")
        entry = self.some(Event)
        with transaction.atomic():
            entry.save()
            entry.regions.add(region)
            sync_entry(entry)
        region.delete()

    @transaction.atomic
    def import_many(self):
        made = [
            Publication(title_en="Imported", summary_en="S.", type_id=self.some(Publication).type_id) for _ in range(5)
        ]
        for entry in made:
            entry.save()
        for entry in made:
            entry.publish(by=self.user)
        sync_entries([(KINDS["publication"], entry.pk) for entry in made])

    def work(self, operations: int) -> None:
        verbs = [
            self.publish, self.publish_a_new_version, self.withdraw, self.move_to_another_topic, self.change_the_date,
            self.rename_an_author, self.move_a_topic, self.add_and_delete_a_region, self.import_many,
        ]  # fmt: skip
        for _ in range(operations):
            self.chance.choice(verbs)()
        print(f"done {operations}")


if __name__ == "__main__":
    Writer(int(sys.argv[1])).work(int(sys.argv[2]))
