"""The translation memory: the sentences that the institute has published in both languages.

A pair of sentences is held once, however often it was published, and serves in both directions. It is found by its
keys (likeness.py), of which so few are read that a look-up costs the same whatever the memory holds.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, islice

from django.db import connection, models
from django.db.models import Exists, OuterRef, Subquery

from research_hub.activity.rows import insert
from research_hub.activity.sync import chunks, writing
from research_hub.activity.words import words_of
from research_hub.languages.text import LANGUAGES, other

from .fingerprint import norm
from .likeness import EQUAL, Likeness, keys_of, number_of
from .sentences import aligned, blocks, sentences

MOST_SENTENCES = 100  # of a text that are looked up: the page of a whole book would not come otherwise
CHUNK = 200  # texts that are remembered at a time: bounds memory

KEPT = 6  # pairs of words by which a sentence is found, and
ASKED = 12  # by which it is sought: this finds as much as ten of each, with fewer rows
MOST_READ = 50  # sentences with the same key, and
MOST_COMPARED = 50  # those that share the most keys with the one that is sought
BATCH = 500 // (ASKED + 1)  # sentences sought at a time: each key is a SELECT, of which SQLite takes 500 at once

Text = tuple[str, str]  # an entry's uid, and the name of a field
Use = tuple[int, str, str]  # the number of a segment, and the text in which it stands


@dataclass(frozen=True)
class Pair:
    """A text of an entry, and its translation."""

    uid: str
    field: str
    source_language: str
    source: str
    target: str
    is_rich: bool


@dataclass(frozen=True)
class Suggestion:
    """A sentence that was translated before, in the entry `uid` among others; similarity is of a hundred."""

    source: str
    target: str
    similarity: int
    uid: str


@dataclass(frozen=True)
class SentenceHelp:
    sentence: str
    suggestions: list[Suggestion]


class Segment(models.Model):
    """A sentence in both languages; its number is made from the words, and so the same on every database."""

    id = models.BigIntegerField(primary_key=True)
    text_en = models.TextField()
    text_es = models.TextField()

    class Meta:
        default_permissions = []

    def __str__(self):
        return f"{self.text_en} = {self.text_es}"

    def text(self, language: str) -> str:
        return getattr(self, f"text_{language}")

    def found_by(self) -> set[int]:
        """Its keys, in both languages."""
        return set().union(*(keys_of(self.text(language), language, KEPT) for language in LANGUAGES))


class SegmentUse(models.Model):
    """A text of an entry in which the sentence stands."""

    pk = models.CompositePrimaryKey("segment_id", "uid", "field")
    segment = models.ForeignKey(Segment, models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+")
    uid = models.CharField(max_length=10)
    field = models.CharField(max_length=30)

    class Meta:
        default_permissions = []
        indexes = [models.Index(fields=["uid", "field"], name="segment_by_text")]

    def __str__(self):
        return f"{self.segment_id} in {self.uid} {self.field}"


class SegmentKey(models.Model):
    """A number by which the sentence is found, in one of its languages."""

    pk = models.CompositePrimaryKey("key", "segment_id")
    key = models.BigIntegerField()
    segment = models.ForeignKey(Segment, models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+")

    class Meta:
        default_permissions = []

    def __str__(self):
        return f"{self.key}: {self.segment_id}"


# Remembering


def remember(uid: str, field: str, source_language: str, source: str, target: str, *, is_rich: bool) -> None:
    """Hold what the text says now, and nothing of what it said before."""
    remember_many([Pair(uid, field, source_language, source, target, is_rich)])


def remember_many(pairs: Iterable[Pair]) -> None:
    """The same for many texts, some at a time: whoever publishes meanwhile waits for those only."""
    pairs = iter(pairs)
    while chunk := list(islice(pairs, CHUNK)):
        texts = {(pair.uid, pair.field): list(segments_of(pair)) for pair in chunk}
        with writing():
            _replace(texts)


def forget(uid: str, *fields: str) -> None:
    """Forget these texts of an entry; all of them, where none is named."""
    with writing():
        uses = SegmentUse.objects.filter(uid=uid)
        _drop(set((uses.filter(field__in=fields) if fields else uses).values_list("segment_id", "uid", "field")))


def forget_everything() -> None:
    """What comes before all is remembered anew."""
    with writing():
        for model in (SegmentKey, SegmentUse, Segment):
            model.objects.all().delete()


def segments_of(pair: Pair) -> Iterator[Segment]:
    """The sentences of a text with their translations; one that is the same in both languages helps nobody."""
    ours, theirs = pair.source_language, other(pair.source_language)
    for source, target in aligned(pair.source, pair.target, pair.is_rich):
        texts = {ours: norm(source, False), theirs: norm(target, False)}
        if words_of(source) and words_of(target) and texts[ours] != texts[theirs]:
            number = number_of(f"{texts['en']}\n{texts['es']}")
            yield Segment(id=number, **{f"text_{ours}": source, f"text_{theirs}": target})


def _replace(texts: dict[Text, list[Segment]]) -> None:
    wanted = {(segment.pk, *text): segment for text, segments in texts.items() for segment in segments}
    uses = SegmentUse.objects.filter(uid__in={uid for uid, _field in texts})
    stored = {use for use in uses.values_list("segment_id", "uid", "field") if use[1:] in texts}
    new = wanted.keys() - stored
    _add({wanted[use].pk: wanted[use] for use in new})
    insert(SegmentUse._meta.db_table, ["segment_id", "uid", "field"], sorted(new))
    _drop(stored - wanted.keys())


def _add(segments: dict[int, Segment]) -> None:
    """Hold those that are not there yet, with their keys."""
    known = set(Segment.objects.filter(pk__in=segments).values_list("pk", flat=True))
    new = [segment for number, segment in sorted(segments.items()) if number not in known]
    insert(Segment._meta.db_table, ["id", "text_en", "text_es"], [(s.pk, s.text_en, s.text_es) for s in new])
    keys = sorted((key, segment.pk) for segment in new for key in segment.found_by())
    insert(SegmentKey._meta.db_table, ["key", "segment_id"], keys)


def _drop(uses: set[Use]) -> None:
    """Take sentences out of texts, and away where they stand in no other."""
    by_text = defaultdict(list)
    for number, *text in uses:
        by_text[tuple(text)].append(number)
    for (uid, field), numbers in by_text.items():
        SegmentUse.objects.filter(uid=uid, field=field, segment_id__in=numbers).delete()
    used = SegmentUse.objects.filter(segment_id=OuterRef("pk"))
    lost = list(Segment.objects.filter(~Exists(used), pk__in={number for number, *_text in uses}))
    for segment in lost:
        SegmentKey.objects.filter(key__in=segment.found_by(), segment_id=segment.pk).delete()
    Segment.objects.filter(pk__in=[segment.pk for segment in lost]).delete()


# Looking up


def suggestions(
    source: str, source_language: str, *, is_rich: bool, leave_out: str = "", most: int = 3
) -> list[SentenceHelp]:
    """Each sentence of the text with those most like it that were translated before, except in one entry.

    A paragraph that was translated as a whole is told as a whole; of a long text only the first sentences are sought.
    """
    parts = [(paragraph, sentences(paragraph)) for paragraph in blocks(source, is_rich)]
    sought = list(dict.fromkeys(chain.from_iterable([paragraph, *own] for paragraph, own in parts)))
    found: dict[str, list[Suggestion]] = {}
    for batch in chunks(sought[:MOST_SENTENCES], BATCH):
        found |= _look_up(batch, source_language, leave_out, most)
    return [
        SentenceHelp(sentence, found.get(sentence, []))
        for paragraph, own in parts
        for sentence in ([paragraph] if _is_known(found.get(paragraph, [])) else own)
    ]


def _is_known(suggestions: list[Suggestion]) -> bool:
    return bool(suggestions) and suggestions[0].similarity == EQUAL


def _look_up(batch: list[str], language: str, leave_out: str, most: int) -> dict[str, list[Suggestion]]:
    keys = {sentence: keys_of(sentence, language, ASKED) for sentence in batch}
    places = _places(sorted(set().union(*keys.values())))
    near = {sentence: _likeliest(chain.from_iterable(places[key] for key in keys[sentence])) for sentence in batch}
    stands_in = SegmentUse.objects.filter(segment_id=OuterRef("pk")).exclude(uid=leave_out).order_by("uid", "field")
    segments = Segment.objects.annotate(uid=Subquery(stands_in.values("uid")[:1]))
    known = segments.in_bulk(set().union(*near.values()))
    return {
        sentence: ranked(sentence, [known[number] for number in near[sentence] if number in known], language)[:most]
        for sentence in batch
    }


PLACE = """SELECT * FROM (
    SELECT key, segment_id FROM translation_segmentkey WHERE key = %s ORDER BY segment_id LIMIT %s) AS place"""


def _places(keys: list[int]) -> dict[int, list[int]]:
    """The segments that have each key; of a key that many have, no more than are worth reading."""
    places = defaultdict(list)
    with connection.cursor() as cursor:
        sql = " UNION ALL ".join([PLACE] * len(keys))
        cursor.execute(sql, [value for key in keys for value in (key, MOST_READ)])
        for key, number in cursor.fetchall():
            places[key].append(number)
    return places


def _likeliest(numbers: Iterable[int]) -> list[int]:
    """Those that come most often."""
    times = Counter(numbers)
    return sorted(times, key=lambda number: (-times[number], number))[:MOST_COMPARED]


def ranked(sentence: str, segments: Iterable[Segment], language: str) -> list[Suggestion]:
    """The most similar first; each translation once, from the sentence most like the one that is sought."""
    likeness = Likeness(sentence)
    found = [
        Suggestion(segment.text(language), segment.text(other(language)), similarity, segment.uid)
        for segment in segments
        if segment.uid and (similarity := likeness.to(segment.text(language)))
    ]
    told: dict[str, Suggestion] = {}
    for suggestion in sorted(found, key=lambda one: (-one.similarity, one.source, one.target)):
        told.setdefault(norm(suggestion.target, False), suggestion)
    return list(told.values())
