"""A text in sentences, and a text and its translation sentence by sentence."""

import re

from research_hub.editorial.paragraphs import paragraphs

END = re.compile(r"""(?<=[.!?…])["'”’»)\]]*\s+(?=["'“‘«(\[¿¡]*[^\W\d_a-zß-öø-ÿ])""")
# A stop that ends no sentence: an initial (U.S., J. Ruiz), a plural (EE. UU.), a title before a name.
ABBREVIATED = re.compile(
    r"\b(?:[^\W\d_]|([A-Z])\1|(?i:dra?s?|gob|gral|ing|lic|mrs?|ms|prof|sen|sra?|sras|sres|sta?|sto|vs))\.$"
)


def blocks(text: str | None, is_rich: bool) -> list[str]:
    """The paragraphs of a text, without mark-up."""
    if is_rich:
        return paragraphs(text or "")
    return [line.strip() for line in (text or "").splitlines() if line.strip()]


def sentences(paragraph: str) -> list[str]:
    pieces, start = [], 0
    for found in END.finditer(paragraph):
        if not ABBREVIATED.search(paragraph, start, found.start()):
            pieces.append(paragraph[start : found.end()].strip())
            start = found.end()
    return [*pieces, paragraph[start:].strip()]


def aligned(source: str, target: str, is_rich: bool) -> list[tuple[str, str]]:
    """What says the same in both; nothing where the paragraphs differ in number, so that one could be any other."""
    ours, theirs = blocks(source, is_rich), blocks(target, is_rich)
    if len(ours) != len(theirs):
        return []
    return [pair for paragraph, other in zip(ours, theirs, strict=True) for pair in _parted(paragraph, other)]


def _parted(paragraph: str, other: str) -> list[tuple[str, str]]:
    """Two paragraphs sentence by sentence, or whole where a translator made one sentence of two."""
    ours, theirs = sentences(paragraph), sentences(other)
    return list(zip(ours, theirs, strict=True)) if len(ours) == len(theirs) else [(paragraph, other)]
