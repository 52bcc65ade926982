"""How far the translations are: of all entries, of each topic, and from week to week."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import connection
from django.db.models import Sum
from django.utils import timezone

from research_hub.activity.kinds import KINDS
from research_hub.languages.text import LANGUAGES

from .queue import topic_model
from .tasks import OPEN, Stage, State, Tally

WEEKS = 12


@dataclass(frozen=True)
class Part:
    """A stretch of a bar, in hundredths of its length."""

    state: State
    texts: int
    words: int
    start: float
    length: float


def finished():
    return Tally.objects.filter(stage__gte=Stage.FINISHED)


def parts(language: str) -> list[Part]:
    """The states of all texts of finished originals that are translated into this language, by their words."""
    rows = finished().filter(language=language).values_list("state").annotate(Sum("units"), Sum("words"))
    found = {state: (texts, words) for state, texts, words in rows}
    total, start, bar = sum(words for _texts, words in found.values()) or 1, 0.0, []
    for state in reversed(State):
        texts, words = found.get(state, (0, 0))
        if texts:
            bar.append(Part(state, texts, words, round(start, 2), round(100 * words / total, 2)))
            start += 100 * words / total
    return bar


@dataclass(frozen=True)
class TopicProgress:
    topic: object
    entries: int
    words: int
    left: int

    @property
    def done(self) -> int:
        """In hundredths; never all of it while a word is left."""
        return 100 if not self.left else min(99, round(100 * (self.words - self.left) / self.words))


BY_TOPIC = """
    SELECT belonging.topic_id, COUNT(*), SUM(task.words), SUM(task.words_left)
    FROM translation_task task JOIN {table} belonging ON belonging.{column} = task.object_id
    WHERE task.kind = %s AND task.stage >= %s GROUP BY belonging.topic_id"""


def by_topic() -> list[TopicProgress]:
    """Those with most left come first; an entry counts for each of its topics."""
    sums: dict[int, list[int]] = defaultdict(lambda: [0, 0, 0])
    for kind in KINDS.values():
        through = kind.model.topics.through._meta
        column = through.get_field(kind.model._meta.model_name).column
        with connection.cursor() as cursor:
            cursor.execute(BY_TOPIC.format(table=through.db_table, column=column), [kind.code, Stage.FINISHED])
            for topic, *numbers in cursor.fetchall():
                sums[topic] = [int(a) + int(b) for a, b in zip(sums[topic], numbers, strict=True)]
    found = topic_model().objects.in_bulk(sums)
    rows = [TopicProgress(found[pk], *numbers) for pk, numbers in sums.items() if pk in found]
    return sorted(rows, key=lambda row: (-row.left, str(row.topic)))


def words_left(today: date) -> list[tuple[date, int]]:
    """The words that were left at the end of each week since they are counted, up to today."""
    rows = finished().filter(state__in=OPEN).values_list("day").annotate(Sum("words")).order_by("day")
    changes = list(rows)
    first = changes[0][0] if changes else today
    days = [today - timedelta(weeks=back) for back in reversed(range(WEEKS + 1))]
    days = [day for day in days if day + timedelta(weeks=1) > first]
    return [(day, sum(words for changed, words in changes if changed <= day)) for day in days]


@dataclass(frozen=True)
class BurnDown:
    """The line of `words_left` in a picture of 600 by 160."""

    weeks: list[tuple[date, int]]

    @property
    def most(self) -> int:
        return max(words for _day, words in self.weeks) or 1

    @property
    def points(self) -> list[tuple[float, float]]:
        step = 600 / max(1, len(self.weeks) - 1)
        return [
            (round(place * step, 1), round(160 * (1 - words / self.most), 1))
            for place, (_day, words) in enumerate(self.weeks)
        ]

    @property
    def line(self) -> str:
        return " ".join(f"{x},{y}" for x, y in self.points)


def progress() -> dict:
    return {
        "bars": [(language, parts(language)) for language in reversed(LANGUAGES)],
        "topics": by_topic(),
        "burn_down": BurnDown(words_left(timezone.localdate())),
    }
