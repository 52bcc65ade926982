"""What of the entries goes into the translation memory: the texts that are public in both languages.

What somebody has called right goes in at once. What nobody has looked at yet, as after an import, goes in with
`make_translations`: it would make the import several times as long.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from research_hub.languages.text import other

from . import memory
from .memory import Pair
from .tasks import Stage, Standing, State, texts_of

BEGUN = {State.DRAFT, State.IN_REVIEW}  # somebody writes anew, and readers have what they had
SURE, ALL = {State.CURRENT}, {State.CURRENT, State.UNVERIFIED}


def keep_up(gone: Iterable[Standing], come: Iterable[Standing], mains: dict) -> None:
    """Remember what is public and sure now, and nothing else of the texts that changed."""
    pairs = list(pairs_of(come, mains, SURE))
    kept = {(pair.uid, pair.field) for pair in pairs}
    begun = {prints(unit) for unit in come if unit.stage == Stage.PUBLIC and unit.state in BEGUN}
    lost = defaultdict(list)
    for unit in gone:
        is_public = unit.stage == Stage.PUBLIC and unit.state in ALL | BEGUN
        if is_public and (unit.uid, unit.field) not in kept and prints(unit) not in begun:
            lost[unit.uid].append(unit.field)
    for uid, fields in lost.items():
        memory.forget(uid, *fields)
    memory.remember_many(pairs)


def prints(unit: Standing) -> tuple:
    """What tells whether readers still have the same two texts."""
    return unit.uid, unit.field, unit.source_print, unit.target_print


def pairs_of(units: Iterable[Standing], mains: dict, states: set[State]) -> Iterator[Pair]:
    """The texts of these that readers have; `mains` are the entries by their permanent names."""
    for unit in units:
        main = mains.get(unit.uid)
        if main and main.is_published and unit.state in states:
            language = main.source_language
            source, target = (getattr(main, f"{unit.field}_{code}") for code in (language, other(language)))
            if source and target:
                rich = texts_of(type(main))[unit.field]
                yield Pair(main.uid, unit.field, language, source, target, rich)
