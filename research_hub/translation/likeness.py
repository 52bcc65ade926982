"""How alike two sentences are, and the numbers by which those that are alike find each other."""

from hashlib import blake2b
from importlib import import_module
from itertools import combinations

from research_hub.activity.words import FILLERS, LETTERS, stems, words_of

from .fingerprint import norm

EQUAL, LEAST = 100, 60  # of a hundred: what says the same, and what is worth showing
MOST_WORDS = 30  # of a sentence that are paired


def number_of(text: str) -> int:
    """A whole number that a database can hold, as good as different for each text."""
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big", signed=True)


def keys_of(sentence: str, language: str, most: int) -> set[int]:
    """What a sentence is found by: a number for the whole, and some for the pairs of words in it.

    Of all the pairs those are taken that have the smallest numbers, so that two sentences with many words in common
    are likely to share some (MinHash). A pair is rarer than a word, so few others have it.
    """
    normal, letter = norm(sentence, False), LETTERS[language]
    words = words_of(normal)
    telling = set(stems([word for word in words if word not in FILLERS] or words, letter))
    chosen = sorted(sorted(telling, key=number_of)[:MOST_WORDS])
    pairs = [f"{one} {two}" for one, two in combinations(chosen, 2)]
    alone = chosen if len(chosen) < 4 else []
    return {number_of(letter + normal), *sorted(map(number_of, pairs + alone))[:most]}


class Likeness:
    """How much of other sentences is the same words in the same order as in this one."""

    def __init__(self, sentence: str):
        self.ratio = import_module("rapidfuzz.fuzz").ratio  # for the few processes in which texts are translated
        self.norm = norm(sentence, False)
        self.words = words_of(self.norm)

    def to(self, sentence: str) -> int:
        """Of a hundred; 0 for less than is worth showing."""
        theirs = norm(sentence, False)
        if theirs == self.norm:
            return EQUAL
        return min(int(self.ratio(self.words, words_of(theirs), score_cutoff=LEAST)), EQUAL - 1)
