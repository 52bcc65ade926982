"""Reading a translated field: the text, and the language it is in."""

import re
from dataclasses import dataclass

import nh3
from django.conf import settings
from django.utils import translation
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

LANGUAGES = tuple(settings.MODELTRANSLATION_LANGUAGES)
BADGES = {"en": _("In English"), "es": _("In Spanish")}

TAG = re.compile(r'<(?:"[^"]*"|[^">])*>')  # clean_html leaves only whole tags, with attributes in double quotes
RICH_TAGS = {
    "a", "blockquote", "br", "em", "h2", "h3", "h4", "hr", "li", "ol", "p", "s", "strong", "sub", "sup", "u", "ul",
    "table", "tbody", "thead", "tr", "th", "td", "figure", "figcaption",
}  # fmt: skip

TABLE = '<div class="table" role="group" tabindex="0" aria-label="{}">'


def current() -> str:
    """The language of the page being made, one of LANGUAGES."""
    language = (get_language() or settings.LANGUAGE_CODE).split("-")[0]
    return language if language in LANGUAGES else settings.LANGUAGE_CODE


def other(language: str) -> str:
    return LANGUAGES[1] if language == LANGUAGES[0] else LANGUAGES[0]


def clean_html(html: str) -> str:
    """Rich text reduced to what a page may carry: no scripts, no styles, links to http, https and mailto.

    Mark-up without a word in it, which an editor leaves behind in an emptied field, becomes "".
    """
    clean = nh3.clean(
        html,
        tags=RICH_TAGS,
        attributes={"a": {"href"}, "th": {"colspan", "rowspan"}, "td": {"colspan", "rowspan"}},
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener",
    )
    return clean if TAG.sub("", clean).strip() else ""


@dataclass(frozen=True)
class Text:
    """A text as a page may show it: its words, and the language they are in."""

    words: str
    language: str
    page: str

    def __str__(self) -> str:
        return self.words

    def __bool__(self) -> bool:
        return bool(self.words)

    @property
    def is_foreign(self) -> bool:
        return bool(self.words) and self.language != self.page

    @property
    def lang_attr(self) -> SafeString:
        return format_html(' lang="{}"', self.language) if self.is_foreign else SafeString("")

    @property
    def badge(self) -> str | Promise:
        return BADGES[self.language] if self.is_foreign else ""

    @property
    def html(self) -> SafeString:
        """For a page: a wide table scrolls by itself, by the keyboard too."""
        clean = clean_html(self.words)
        if "<table>" in clean:
            with translation.override(self.language):
                clean = clean.replace("<table>", f"{TABLE.format(translation.gettext('Table'))}<table>")
            clean = clean.replace("</table>", "</table></div>")
        return mark_safe(clean)


def read(record, field: str, language: str | None = None) -> Text:
    """The field in the asked language, else in the other one; empty where there is neither."""
    page = language or current()
    for candidate in (page, other(page)):
        words = getattr(record, f"{field}_{candidate}")
        if words:
            return Text(words, candidate, page)
    return Text("", page, page)
