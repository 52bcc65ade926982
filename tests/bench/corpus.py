"""An invented institute of any size, always the same one: made in bulk, as an import would."""

import random
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import accumulate, islice

from django.contrib.auth import get_user_model
from django.db import connection, transaction
from django.utils.text import slugify

from events.models import Event, EventTopic, Speaker
from publications.models import (
    Author,
    Authorship,
    Publication,
    PublicationMedia,
    PublicationTopic,
    PublicationType,
    Series,
)
from research_hub.activity.dates import UNDATED, PartialDate
from research_hub.activity.kinds import KINDS
from research_hub.activity.sync import sync_entries
from research_hub.languages.slugs import UID_LETTERS
from topics.models import Region, Topic

SEED = 2017
CHUNK = 2_000  # entries in a transaction
TOPICS, CHILDREN, REGIONS, SERIES = 50, 10, 12, 10
BIGGEST_SHARE = 0.30
RARE = "Rare"  # a topic of three entries, whatever the size: the worst case for a reader of large tables
FIRST_YEAR, YEARS = 2000, 25
ENGLISH = """
    water climate border budget energy forest health housing labour migration mining police prison
    river school security tax trade transport violence women youth law market power reform region
    state study survey lessons evidence costs rights access after before beyond toward against under
"""
SPANISH = """
    agua clima frontera presupuesto energía bosque salud vivienda trabajo migración minería policía prisión
    río escuela seguridad impuesto comercio transporte violencia mujeres jóvenes ley mercado poder reforma región
    estado estudio encuesta lecciones evidencia costos derechos acceso después antes hacia contra bajo sobre
"""
WORDS = {"en": ENGLISH.split(), "es": SPANISH.split()}
SOUGHT = {"drought": 0.25, "lithium": 0.01, "obsidian": 0.0005}  # words by the share of entries that have them
SOUGHT_IN_SPANISH = {"drought": "sequía", "lithium": "litio", "obsidian": "obsidiana"}

Progress = Callable[[int, int], None]


class Corpus:
    """Everything an entry refers to, and the entries themselves, drawn from one seed."""

    def __init__(self, size: int):
        self.size = size
        self.chance = random.Random(SEED)
        self.made_at = datetime(2025, 1, 1, tzinfo=UTC)

    def load(self, progress: Progress) -> None:
        self._make_owners()
        numbers, known = iter(range(self.size)), 0
        while chunk := list(islice(numbers, CHUNK)):
            with transaction.atomic():
                events = [number for number in chunk if number % 5 == 4]
                self._add(Event, self._events(events))
                self._add(Publication, self._publications([n for n in chunk if n % 5 != 4]))
            done = chunk[-1] + 1
            if done >= 2 * known:
                analyse()
                known = done
            progress(done, self.size)

    # What entries refer to

    def _make_owners(self) -> None:
        self.publisher = get_user_model().objects.create_user("the-publisher", is_staff=True)
        self.topics = [self._topic(f"Topic {n}", f"Tema {n}") for n in range(1, TOPICS + 1)]
        for n, child in enumerate(self.topics[-CHILDREN:]):
            child.parent = self.topics[n]
            child.save()
        self.rare = self._topic(RARE, "Rara")
        self.topic_weights = list(accumulate(1 / (n + 3) for n in range(TOPICS - 1)))
        self.regions = [Region.objects.create(name_en=f"Region {n}", name_es=f"Región {n}") for n in range(REGIONS)]
        self.types = list(PublicationType.objects.order_by("pk"))
        self.series = [Series.objects.create(name_en=f"Series {n}", name_es=f"Serie {n}") for n in range(SERIES)]
        people = [f"{self._words('en', 1)} {self._words('es', 1)} {n}".title() for n in range(self._crowd())]
        Author.objects.bulk_create([Author(name=name, sort_name=name, slug=slugify(name)) for name in people])
        self.authors = list(Author.objects.order_by("pk"))

    def _topic(self, english: str, spanish: str) -> Topic:
        intro = {"intro_en": f"<p>{self._words('en', 40)}.</p>", "intro_es": f"<p>{self._words('es', 40)}.</p>"}
        return Topic.objects.create(name_en=english, name_es=spanish, **intro)

    def _crowd(self) -> int:
        return max(40, min(self.size // 25, 5_000))

    # Entries

    def _add(self, model, drawn: Iterator) -> None:
        """Store entries of a model with the rows that hang on them, and list them: all an import has to do."""
        entries, rows = [], []
        for entry, hanging in drawn:
            entries.append(entry)
            rows += hanging
        model.objects.bulk_create(entries)
        for sort in dict.fromkeys(type(row) for row in rows):
            of_sort = [row for row in rows if type(row) is sort]
            for row in of_sort:
                own = row._meta.get_field(model._meta.model_name)
                setattr(row, own.attname, getattr(row, own.name).pk)
            sort.objects.bulk_create(of_sort)
        kind = KINDS[model._meta.model_name]
        sync_entries([(kind, entry.pk) for entry in entries])

    def _publications(self, numbers: list[int]):
        region_row = Publication.regions.through
        for number in numbers:
            entry = Publication(
                type=self.chance.choice(self.types),
                series=self.chance.choice(self.series) if self.chance.random() < 0.15 else None,
                **self._text(number),
            )
            entry.date = self._date()
            rows = [
                PublicationTopic(publication=entry, topic=topic, position=position)
                for position, topic in enumerate(self._topics(number))
            ]
            rows += [
                Authorship(publication=entry, author=author, position=position)
                for position, author in enumerate(self._people())
            ]
            rows += [region_row(publication=entry, region=region) for region in self._regions()]
            if self.chance.random() < 0.08:
                url = f"https://media.example.org/{number}"
                rows.append(PublicationMedia(publication=entry, kind="video", url=url))
            yield entry, rows

    def _events(self, numbers: list[int]):
        region_row = Event.regions.through
        for number in numbers:
            starts_at = datetime.combine(self._day(), datetime.min.time(), UTC) + timedelta(hours=18)
            ends_at = starts_at + timedelta(days=self.chance.choice([0, 0, 0, 1, 2, 4]), hours=2)
            entry = Event(starts_at=starts_at, ends_at=ends_at, time_zone="UTC", **self._text(number))
            entry.date = PartialDate.days(starts_at.date(), ends_at.date())
            rows = [
                EventTopic(event=entry, topic=topic, position=position)
                for position, topic in enumerate(self._topics(number))
            ]
            rows += [
                Speaker(event=entry, author=author, position=position) for position, author in enumerate(self._people())
            ]
            rows += [region_row(event=entry, region=region) for region in self._regions()]
            yield entry, rows

    def _text(self, number: int) -> dict:
        """English for nine in ten; Spanish for four in ten, one of them without English."""
        sort = number % 10
        sought = [word for word, share in SOUGHT.items() if self.chance.random() < share]
        text = {}
        if sort != 0:
            text |= self._text_in("en", sought, number)
        if sort < 4:
            text |= self._text_in("es", [SOUGHT_IN_SPANISH[word] for word in sought], number)
        return text | {
            "uid": uid(number),
            "source_language": "en" if sort != 0 else "es",
            "status": "published",
            "published_at": self.made_at,
            "published_by": self.publisher,
        }

    def _text_in(self, language: str, sought: list[str], number: int) -> dict[str, str]:
        title = " ".join([self._words(language, 8), *sought]).capitalize()
        return {
            f"title_{language}": title,
            f"slug_{language}": f"{slugify(title)[:60]}-{language}-{number}",
            f"summary_{language}": f"{self._words(language, 35).capitalize()}.",
            f"body_{language}": f"<p>{self._words(language, 60)}.</p><p>{self._words(language, 60)}.</p>",
        }

    def _date(self) -> PartialDate:
        day, drawn = self._day(), self.chance.random()
        if drawn < 0.02:
            return UNDATED
        if drawn < 0.10:
            return PartialDate.year(day.year)
        return PartialDate.month(day.year, day.month) if drawn < 0.30 else PartialDate.day(day)

    def _day(self) -> date:
        return date(FIRST_YEAR, 1, 1) + timedelta(days=self.chance.randrange(YEARS * 365))

    def _topics(self, number: int) -> list[Topic]:
        """Three: the biggest in its share of entries, the others the rarer the later they come."""
        chosen = {0: self.topics[0]} if self.chance.random() < BIGGEST_SHARE else {}
        while len(chosen) < 3:
            drawn = self.chance.choices(range(1, TOPICS), cum_weights=self.topic_weights)[0]
            chosen[drawn] = self.topics[drawn]
        return [*chosen.values(), *[self.rare] * (number in (self.size // 4, self.size // 2, self.size - 1))]

    def _people(self) -> list[Author]:
        return self.chance.sample(self.authors, self.chance.choice([1, 2, 3]))

    def _regions(self) -> list[Region]:
        return self.chance.sample(self.regions, self.chance.choice([0, 1, 1, 2]))

    def _words(self, language: str, n: int) -> str:
        return " ".join(self.chance.choices(WORDS[language], k=n))


def analyse() -> None:
    """Have PostgreSQL look at what its tables hold, as autovacuum does in time, where it is on: without that, it reads
    whole tables for the few rows that hang on an entry."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")


def uid(number: int) -> str:
    letters = ""
    for _ in range(10):
        number, rest = divmod(number, len(UID_LETTERS))
        letters = UID_LETTERS[rest] + letters
    return letters
