"""The words of another system as plain text: what is markup there is taken off, what is a character there is one."""

import re
import unicodedata
from html import unescape

# No text has them, PostgreSQL refuses the first of them, and half a surrogate pair cannot be stored at all.
NOT_IN_TEXT = dict.fromkeys([*range(9), 11, *range(14, 32), *range(127, 133), *range(134, 160), *range(0xD800, 0xE000)])
INVISIBLE = dict.fromkeys([0xAD, 0x200B, 0xFEFF])

BLOCK = re.compile(r"</?(?:jats:)?(?:p|div|br|li|ul|ol|h[1-6]|sec|title|list|list-item)(?:\s[^<>]*)?/?>", re.I)
# A lone <b> may be what the text is about; one that is closed is markup.
INLINE = re.compile(
    r"<((?:jats:)?(?:i|b|u|em|strong|sub|sup|span|a|small|font|sc|scp|italic|bold|inf|tt|cite|q|code|mark"
    r"|mml:[a-z]+|related-article|ext-link|underline|monospace|xref))(?:\s[^<>]*)?>([^<>]*(?:<(?!/\1>)[^<>]*)*)</\1>",
    re.I,
)
HEADING = re.compile(r"<jats:title>\s*(?:abstract|summary|resumen)\s*</jats:title>", re.I)
NOTHING = {"", "n/a", "none", "null", "-"}


def clean(text: str) -> str:
    """Without what cannot be stored, its letters composed: é is one character."""
    return unicodedata.normalize("NFC", text.translate(NOT_IN_TEXT)).strip()


def without_markup(text: str) -> str:
    text = BLOCK.sub("\n", HEADING.sub("", text))
    while (bare := INLINE.sub(r"\2", text)) != text:
        text = bare
    return text


def plain(text: str) -> str:
    """Text of several paragraphs. Markup is looked for again: some tools escape it once or twice too often."""
    text = without_markup(text) if "<" in text else text
    for _again in range(2):
        text = without_markup(unescape(text)) if "&" in text else text
    lines = (" ".join(line.split()) for line in clean(text).translate(INVISIBLE).splitlines())
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def one_line(text: str) -> str:
    return " ".join(plain(text).split())


def split(text: str, separators: str = ";\n") -> list[str]:
    """The parts of a text that lists several things, in order, each once; a star is how some databases underline."""
    parts = (one_line(part).lstrip("*") for part in re.split("[" + re.escape(separators) + "]", text))
    return list(dict.fromkeys(part for part in parts if part.casefold() not in NOTHING))
