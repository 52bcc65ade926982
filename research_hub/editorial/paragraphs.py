"""Rich text as the words a reader sees, block by block."""

import re
from html import unescape

from django.utils.html import strip_tags

from .prose import BLOCK

WHITE_SPACE = re.compile(r"[ \t\r\n\f]+")  # what HTML takes for one space; a space that does not break is none of it


def paragraphs(html: str) -> list[str]:
    """The words of each heading, paragraph, item and cell; a block of several lines is several."""
    text = unescape(strip_tags(BLOCK.sub("\n<", WHITE_SPACE.sub(" ", html))))
    return [line.strip(" ") for line in text.split("\n") if line.strip()]
