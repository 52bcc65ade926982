"""The words of a batch that mean nothing here yet, the most frequent first; and what is said of them."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from publications.models import PublicationType
from research_hub.activity.sync import writing
from research_hub.languages.text import read

from .known import NAMED, Known
from .models import Batch, Equivalent, Row
from .understand import folded

What = Equivalent.What
FIELDS = {What.TYPE: "type", What.SERIES: "series", What.TOPIC: "topics", What.REGION: "regions"}  # of a record
MODELS = NAMED | {What.TYPE: PublicationType}
MOST_ASKED = 100  # words on a page
LEFT_OUT = "-"
LONGEST = 300  # letters; a longer one is no word


@dataclass
class Word:
    what: What
    word: str
    count: int  # of the records that have it

    @property
    def name(self) -> str:
        """As the form calls its field."""
        return f"{self.what.value}:{self.word}"


def words_of(batch: Batch) -> list[Word]:
    known, spelt, counts = Known(batch.source), {}, Counter()
    rows = batch.rows.exclude(action=Row.Action.REFUSED)
    for told in rows.values_list(*(f"record__{name}" for name in FIELDS.values())).iterator():
        for what, words in zip(FIELDS, told, strict=True):
            unknown = known.unknown(what, [words] if isinstance(words, str) else words or [])
            by_key = {(what, folded(word)): word for word in unknown if len(word) <= LONGEST}
            counts.update(list(by_key))
            spelt = by_key | spelt
    return [Word(key[0], spelt[key], n) for key, n in counts.most_common()]


def meanings() -> dict[str, list[tuple[str, str]]]:
    """What a word of each kind may mean, by key, in the order of the alphabet."""
    return {
        what: sorted(
            ((str(one.pk), str(read(one, "name"))) for one in model.objects.all()), key=lambda pair: folded(pair[1])
        )
        for what, model in MODELS.items()
    }


def say(batch: Batch, words: list[Word], said: Mapping[str, str]) -> int:
    """Keep what is said of these words; returns of how many. Raises ValidationError where it can mean no such thing."""
    offered = {what: {key for key, _name in pairs} for what, pairs in meanings().items()}
    made = []
    for word in words:
        chosen = said.get(word.name, "")
        if chosen and chosen != LEFT_OUT and chosen not in offered[word.what]:
            raise ValidationError(_("“%s” cannot mean that: choose again.") % word.word)
        if chosen:
            key = None if chosen == LEFT_OUT else int(chosen)
            made.append(Equivalent(source=batch.source, what=word.what, word=word.word, **{f"{word.what}_id": key}))
    Equivalent.objects.bulk_create(made, ignore_conflicts=True)
    return len(made)


def read_anew(batch: Batch) -> bool:
    """Let its plan be made once more; False where that is too late, or its file is not here."""
    if not batch.upload:
        return False
    with writing():
        planned = Batch.objects.filter(pk=batch.pk, state=Batch.State.PLANNED)
        if not planned.update(state=Batch.State.READING):
            return False
        batch.rows.all().delete()
    return True
