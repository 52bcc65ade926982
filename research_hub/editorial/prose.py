"""Rich text: what an editor may write, and the words in it."""

import re
from html import unescape

from django_prose_editor.fields import ProseEditorField

from research_hub.languages.text import TAG, clean_html

PROSE = {
    "Bold": True, "Italic": True, "Underline": True, "Strike": True, "Subscript": True, "Superscript": True,
    "Link": True, "Heading": {"levels": [2, 3, 4]}, "Blockquote": True, "HardBreak": True, "HorizontalRule": True,
    "BulletList": True, "OrderedList": True, "ListItem": True,
    "Table": True, "TableRow": True, "TableHeader": True, "TableCell": True,
    "NoSpellCheck": False,
}  # fmt: skip

BLOCK = re.compile(r"<(?!/?(?:a|em|s|strong|sub|sup|u)\b)")


def prose(verbose_name, **options):
    """A rich text field that stores only what clean_html leaves."""
    return ProseEditorField(verbose_name, blank=True, extensions=PROSE, sanitize=clean_html, **options)


def plain_text(html: str) -> str:
    """The words of rich text that is clean; blocks are kept apart, and H<sub>2</sub>O is one word."""
    return unescape(TAG.sub("", BLOCK.sub(" <", html)))
