"""Two texts compared word by word: by paragraph first, by sentence and word only where those differ."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from difflib import SequenceMatcher
from itertools import groupby
from typing import NamedTuple

from django.utils.translation import gettext as _

PARAGRAPH, SENTENCE, WORD = re.compile(r"\n+"), re.compile(r"(?<=[.!?…])\s+"), re.compile(r"\s+")
UNITS = (PARAGRAPH, SENTENCE, WORD)  # each told by what ends it

# How many pairs of equal units difflib may be given at once: it looks at each pair again and again, so that twenty
# thousand equal words would take hours. What has more is shown as taken out and put in whole.
MOST_PAIRS = 500_000
TOO_MUCH = "too much"
LEAST_KEPT = 3  # one word of so many

LONGEST_SAME = 60  # words that are in both are shown up to here; of more, so many on each side of the gap:
CONTEXT = 20

Opcode = tuple[str, int, int, int, int]


class Piece(NamedTuple):
    kind: str  # "same", "del" or "ins"; "gap" for what is left out, "note" for what is said about the rest
    text: str


def differences(old: str, new: str) -> list[Piece]:
    """The texts as one, in pieces that are in both, in the old one only, or in the new one only."""
    old, new = (f"{text} " if text else "" for text in (old, new))  # so that no word loses the space after it
    pieces = list(compared(old, new, UNITS))
    is_coarse = any(piece.kind == "note" for piece in pieces)
    return [*([Piece("note", _("Too much differs to compare it word by word."))] * is_coarse), *joined(pieces)]


def compared(old: str, new: str, units: tuple[re.Pattern[str], ...]) -> Iterator[Piece]:
    unit, *finer = units
    a, b = cut(old, unit), cut(new, unit)
    opcodes = list(matched(a, b))
    if not finer and is_rewritten(opcodes, min(len(a), len(b))):
        opcodes = [("replace", 0, len(a), 0, len(b))]
    for tag, i1, i2, j1, j2 in opcodes:
        was, now = a[i1:i2], b[j1:j2]
        if tag == "equal":
            yield Piece("same", "".join(now))
        elif tag == "replace" and finer:
            yield from replaced(was, now, tuple(finer))
        else:
            yield from [Piece("note", "")] * (tag == TOO_MUCH)
            yield from (Piece(kind, "".join(text)) for kind, text in (("del", was), ("ins", now)) if text)


def replaced(was: list[str], now: list[str], finer: tuple[re.Pattern[str], ...]) -> Iterator[Piece]:
    """Units that took the place of others: all of them compared at once, or one by one if that is too much."""
    old, new = "".join(was), "".join(now)
    if len(was) == len(now) > 1 and pairs(cut(old, WORD), cut(new, WORD)) > MOST_PAIRS:
        for one, other in zip(was, now, strict=True):
            yield from compared(one, other, finer)
    else:
        yield from compared(old, new, finer)


def cut(text: str, unit: re.Pattern[str]) -> list[str]:
    """The text in units, each with the white space after it."""
    ends = [found.end() for found in unit.finditer(text)]
    return [text[start:end] for start, end in zip([0, *ends], [*ends, len(text)], strict=True) if start < end]


def matched(a: list[str], b: list[str]) -> Iterator[Opcode]:
    """What makes b of a, as difflib says it; white space and how an accent is stored make no difference."""
    a, b = keys(a), keys(b)
    start = common(a, b)
    end = common(a[start:][::-1], b[start:][::-1])
    a_end, b_end = len(a) - end, len(b) - end
    yield "equal", 0, start, 0, start
    for tag, i1, i2, j1, j2 in within(a[start:a_end], b[start:b_end]):
        yield tag, start + i1, start + i2, start + j1, start + j2
    yield "equal", a_end, len(a), b_end, len(b)


def within(a: list[str], b: list[str]) -> Iterable[Opcode]:
    if pairs(a, b) > MOST_PAIRS:
        return [(TOO_MUCH, 0, len(a), 0, len(b))]
    return SequenceMatcher(None, a, b, autojunk=False).get_opcodes()


def is_rewritten(opcodes: list[Opcode], length: int) -> bool:
    """Whether so little stayed that the old and the new are easier to read one after the other."""
    kept = sum(i2 - i1 for tag, i1, i2, _j1, _j2 in opcodes if tag in ("equal", TOO_MUCH))
    return kept * LEAST_KEPT < length


def common(a: list[str], b: list[str]) -> int:
    """How many units are the same at the beginning of both."""
    return next(
        (place for place, (one, other) in enumerate(zip(a, b, strict=False)) if one != other), min(len(a), len(b))
    )


def keys(units: list[str]) -> list[str]:
    return [unicodedata.normalize("NFC", unit).strip() for unit in units]


def pairs(a: list[str], b: list[str]) -> int:
    """How many pairs of equal units there are."""
    there = Counter(b)
    return sum(times * there[unit] for unit, times in Counter(a).items())


def joined(pieces: Iterable[Piece]) -> Iterator[Piece]:
    """Without seams: between two pieces that are in both, first all that was taken out, then all that was put in."""
    for is_same, group in groupby(pieces, key=lambda piece: piece.kind == "same"):
        texts = list(group)
        for kind in ["same"] if is_same else ["del", "ins"]:
            text = "".join(piece.text for piece in texts if piece.kind == kind)
            if text.strip():
                yield Piece(kind, text)


def shortened(pieces: list[Piece]) -> list[Piece]:
    """Without the long stretches that are in both, but for what stands next to a change."""
    last = len(pieces) - 1
    return [
        part
        for place, piece in enumerate(pieces)
        for part in (with_gap(piece.text, place > 0, place < last) if piece.kind == "same" else [piece])
    ]


def with_gap(text: str, is_after: bool, is_before: bool) -> list[Piece]:
    """A text that is in both, as it stands after a change, before one, or between two."""
    words = cut(text, WORD)
    if len(words) <= LONGEST_SAME:
        return [Piece("same", text)]
    first, last = CONTEXT * is_after, len(words) - CONTEXT * is_before
    parts = [
        Piece("same", "".join(words[:first])),
        Piece("gap", _("%(count)d words that are in both") % {"count": last - first}),
        Piece("same", "".join(words[last:])),
    ]
    return [part for part in parts if part.text]
