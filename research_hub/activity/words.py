"""Words as search knows them: the same for “Política” and “politicas”, whatever the database."""

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache

import snowballstemmer
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

LONGEST_QUERY = 200  # characters; what is longer is cut
MOST_TERMS = 16
SHORTEST_PREFIX = 3  # letters; a shorter one would be a search for half of the dictionary
LONGEST_NAME = 50  # characters, of a text whose words are remembered
LONGEST_WORD = 24  # letters that tell words apart

WORD = re.compile(r"[^\W_]+(?:['’][sS]\b)?")
PIECE = re.compile(r'"([^"]*)"|“([^”]*)”|«([^»]*)»|([^\s"“«]+)')

ENGLISH_FILLERS = "a an and are as at be by for from in is it its of on or that the this to was were with"
SPANISH_FILLERS = "a al como con de del el en es esta este la las lo los no o para por que se su sus un una y"
FILLERS = frozenset(f"{ENGLISH_FILLERS} {SPANISH_FILLERS}".split())

# What a token stands for is its first letter, so that a stem is never taken for a word or for a tag.
ENGLISH, SPANISH, RAW, TAG = "e", "s", "w", "t"
ALGORITHMS = {ENGLISH: "english", SPANISH: "spanish"}
LETTERS = {"en": ENGLISH, "es": SPANISH}


@dataclass(frozen=True)
class Term:
    """One thing that is sought: a word, words in a row, or the beginning of a word."""

    words: tuple[str, ...]
    is_phrase: bool = False
    is_prefix: bool = False

    @cached_property
    def tokens(self) -> frozenset[str]:
        """The tokens of which a text must have one; for a word only."""
        word = self.words[0]
        return frozenset({stem(word, ENGLISH), stem(word, SPANISH), RAW + word})


@dataclass(frozen=True)
class Query:
    """What a reader seeks; every term must be found. Without a term, such as for “?!”, nothing is."""

    terms: tuple[Term, ...] = ()


@lru_cache(maxsize=200_000)
def fold(word: str) -> str:
    """A word without accents, capitals and possessive, in letters a to z and digits.

    Letters of other scripts are spelt by number, since the databases differ in what they take for one.
    """
    bare = re.sub(r"['’][sS]$", "", word)
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", bare).casefold())
    letters = (c for c in plain if c.isalnum())
    return "".join(c if c.isascii() else f"q{ord(c):05x}" for c in letters)[:LONGEST_WORD]


def stem(word: str, letter: str) -> str:
    """The token of a folded word's stem."""
    return STEMMED[letter](word)


def _stemmed(letter: str) -> Callable[[str], str]:
    @lru_cache(maxsize=100_000)
    def stemmed(word: str) -> str:
        """Spanish is stemmed twice: once for the plural, once for the rest."""
        # A stemmer is not shared: it keeps its word, and threads take turns.
        cut: Callable[[str], str] = snowballstemmer.stemmer(ALGORITHMS[letter]).stemWord
        return letter + (cut(cut(word)) if letter == SPANISH else cut(word))

    return stemmed


STEMMED = {letter: _stemmed(letter) for letter in ALGORITHMS}


def words_of(text: str) -> list[str]:
    """The words of a text, folded, in order."""
    return list(_words_of_name(text) if len(text) <= LONGEST_NAME else _words_of(text))


def _words_of(text: str) -> tuple[str, ...]:
    return tuple(filter(None, map(fold, WORD.findall(compose(text)))))


_words_of_name = lru_cache(maxsize=50_000)(_words_of)  # those of people and topics come again and again


def stems(words: list[str], letter: str) -> list[str]:
    return list(map(STEMMED[letter], words))


def compose(text: str) -> str:
    """With letter and accent as one character, else the accent would part the word."""
    return unicodedata.normalize("NFC", text)


def _spans(text: str) -> Iterator[tuple[int, int, str]]:
    for found in WORD.finditer(text):
        if word := fold(found[0]):
            yield found.start(), found.end(), word


def clean(text: str) -> str:
    """A query as it was meant: without control characters, on one line, not too long."""
    shown = "".join(" " if unicodedata.category(c) in ("Cc", "Cs") else c for c in text[: 10 * LONGEST_QUERY])
    return compose(" ".join(shown.split()))[:LONGEST_QUERY].rstrip()


def parse(text: str) -> Query:
    """Any text is a query: words, "words in a row", beginn*; the words that say little only if there are no others."""
    terms = list(dict.fromkeys(_terms(clean(text))))
    telling = [term for term in terms if term.is_phrase or term.is_prefix or term.words[0] not in FILLERS]
    return Query(tuple((telling or terms)[:MOST_TERMS]))


def _terms(text: str) -> Iterator[Term]:
    for *quoted, plain in PIECE.findall(text):
        words = words_of(plain or "".join(quoted))
        if not plain and words:
            yield Term(tuple(words[:MOST_TERMS]), is_phrase=True)
            continue
        for place, word in enumerate(words, start=1):
            is_prefix = plain.endswith("*") and place == len(words) and len(word) >= SHORTEST_PREFIX
            yield Term((word,), is_prefix=is_prefix)


def highlight(text: str, language: str, query: Query) -> SafeString:
    """The text, escaped, with the words that were sought in <mark>."""
    text = compose(text)
    words = words_of(text)
    marked: set[int] = set().union(*(_places(term, words, LETTERS[language]) for term in query.terms))
    if not marked:
        return escape(text)
    spans = list(_spans(text))
    parts, done = [], 0
    for start, end, _word in (spans[place] for place in sorted(marked)):
        parts += [escape(text[done:start]), "<mark>", escape(text[start:end]), "</mark>"]
        done = end
    return mark_safe("".join([*parts, escape(text[done:])]))  # each part is escaped


def _places(term: Term, words: list[str], letter: str) -> set[int]:
    if term.is_phrase:
        size = len(term.words)
        starts = [n for n in range(len(words) - size + 1) if tuple(words[n : n + size]) == term.words]
        return {n + step for n in starts for step in range(size)}
    if term.is_prefix:
        return {n for n, word in enumerate(words) if word.startswith(term.words[0])}
    return {n for n, token in enumerate(stems(words, letter)) if token in term.tokens}
