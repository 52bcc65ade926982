"""Slips in a text that a machine can see; tried on the titles and summaries of many real records, to cry no wolf."""

import re

LONGEST_PIECE = 60  # letters of a text that are shown

# Letters that were read in the wrong encoding: é as Ã©, ’ as â€™. A capital Ã or Â is also a letter of other languages,
# as in SÃO; what follows it tells.
MOJIBAKE = re.compile(
    "[\ufffd\u0080-\u009f]"
    "|[ÃÂ][\u00a0-\u00bf\u0192\u02c6\u02dc\u0152\u0153\u0160\u0161\u0178\u017d\u017e€‚„†‡‰‹›•™]"
    "|[ÃÂ][‘’“”–—…](?=\\w)"
    "|(?<=[a-zß-ÿ])[ÃÂ]"
    "|(?<=[0-9.,;:])Â(?= )"
    "|â€|ï»¿|ï¿½"
)
AROUND = 20  # letters that are shown on each side


def broken_piece(words: str) -> str:
    """The first letters that were read in the wrong encoding, with what is around them; "" where there are none."""
    found = MOJIBAKE.search(words)
    if not found:
        return ""
    before, after = words[: found.start()][-AROUND:], words[found.start() :][: AROUND + 2]
    return " ".join(f"{before}{after}".split())


LONGEST_ACRONYM = 5  # letters


def is_shouted(title: str) -> bool:
    """Whether a title is in capitals; one that is made of short names, such as UNICEF NIÑEZ, may have to be."""
    shouted = [word for word in re.findall(r"[^\W\d_]+", title) if word.isupper() and len(word) > LONGEST_ACRONYM]
    return len(shouted) > 1 and title.isupper()


ABBREVIATION = re.compile(
    r"(?:\.\.|\b\w\.\w|\b(?:[A-Z]|al|bros|co|corp|dr|ed|eds|etc|inc|jr|ltd|no|núm|pp?|rev|sr|st|uu|vol|vols))\.$",
    re.IGNORECASE,
)


def has_final_stop(title: str) -> bool:
    return title.endswith(".") and not ABBREVIATION.search(title)


STRAIGHT_QUOTE = re.compile(r'(?<!\w)"(?=[\w¿¡])')  # one that follows a number may mean inches
NESTED = [re.compile("«[^«»]*»"), re.compile("“[^“”]*”")]


def quotation_marks(words: str) -> list[str]:
    """The kinds that quote in this text; one kind within another, as in «a “b” c», is one way to write them."""
    angled, curly = "«" in words, "“" in words
    if angled and curly:
        angled, curly = "«" in NESTED[1].sub("", words), "“" in NESTED[0].sub("", words)
    straight = STRAIGHT_QUOTE.search(words)
    kinds = {"“ ”": curly, "« »": angled, '" "': straight}
    return [kind for kind, is_there in kinds.items() if is_there]


REPEATED_LETTER = re.compile(r"([^\W\d_])\1{3}", re.IGNORECASE)
ADDRESS = re.compile(r"[/@\\]|www")
REPEATED_WORD = re.compile(r"(?<![\w’'.-])([^\W\d_]+)[ \u00a0]+(\1)(?![\w’'-]|\.\w)", re.IGNORECASE)
# Words that are written twice with good reason: had had, muy muy.
OFTEN_TWICE = {"bla", "ha", "had", "her", "muy", "más", "no", "so", "sí", "tan", "that", "very", "ya", "you"}


def repeated_piece(words: str) -> str:
    """A word with the same letter four times, or a word that stands twice; "" where there is neither."""
    letters = (word for word in words.split() if REPEATED_LETTER.search(word) and not ADDRESS.search(word))
    doubled = (found[0] for found in REPEATED_WORD.finditer(words) if is_a_slip(found[2]))
    return (next(letters, "") or next(doubled, ""))[:LONGEST_PIECE]


def is_a_slip(second: str) -> bool:
    """Whether a word that stands twice is a mistake: names such as Walla Walla are not."""
    return second.islower() and second not in OFTEN_TWICE and (len(second) > 1 or second in "ay")
