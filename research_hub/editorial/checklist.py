"""What an entry must have, and had better have, before readers meet it: small checks, each with its message.

To add a check, write a function under `blocking` or `advisory`, here or in an app's own `checklist.py`. It answers with
what is wrong, or with nothing:

    @advisory(gettext_lazy("Length of the summary"), texts=("summary",))
    def summary_is_short(words):
        return _("Shorten it.") if len(words) > 600 else ""

A check of `texts` is asked about each of these in each language, any other about the entry as it is stored; one that is
`dated` is told as well on which day readers are to meet it.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from django.core.exceptions import NON_FIELD_ERRORS, FieldDoesNotExist, ValidationError
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_prose_editor.fields import ProseEditorField
from modeltranslation.translator import translator

from research_hub.languages.slugs import slug_is_taken
from research_hub.languages.text import LANGUAGES, other

from .paragraphs import paragraphs
from .proofreading import broken_piece, has_final_stop, is_shouted, quotation_marks, repeated_piece

ALL = ("*",)
SOME_DAY = date.max  # for an entry that nobody has said yet when to publish


@dataclass(frozen=True)
class Finding:
    """Something that is wrong with an entry; `field` is the form’s, or "", and `where` what staff call it."""

    name: str
    message: str
    is_blocking: bool
    field: str = ""
    where: str = ""
    label: str = ""


@dataclass(frozen=True)
class Check:
    name: str
    label: str | Promise
    is_blocking: bool
    ask: Callable[..., str | Promise | None]
    of: str  # the model it is for, as in "events.event"; "" for every entry
    field: str
    texts: tuple[str, ...]
    dated: bool

    def is_for(self, entry) -> bool:
        return self.of in ("", entry._meta.label_lower)

    def findings(self, entry, public_on: date) -> Iterator[Finding]:
        for field, subject in self.subjects(entry):
            if message := self.ask(subject, public_on) if self.dated else self.ask(subject):
                where = name_of(entry, field) or str(self.label)
                yield Finding(self.name, str(message), self.is_blocking, field, where, str(self.label))

    def subjects(self, entry) -> Iterator[tuple[str, object]]:
        """What it is asked about, each with the form's field that an answer belongs to."""
        if not self.texts:
            yield field_in_source(entry, self.field), entry
            return
        for field, words in texts_of(entry):
            if self.texts == ALL or field.rpartition("_")[0] in self.texts:
                yield field, words


CHECKS: dict[str, Check] = {}


def blocking(label, **options):
    """Register a check whose findings keep an entry from going on."""
    return register(label, is_blocking=True, **options)


def advisory(label, **options):
    """Register a check whose findings an editor may leave as they are."""
    return register(label, is_blocking=False, **options)


def register(label, *, is_blocking, of="", field="", texts=(), dated=False):
    def remember(ask):
        CHECKS[ask.__name__] = Check(ask.__name__, label, is_blocking, ask, of, field, texts, dated)
        return ask

    return remember


def findings(entry, public_on: date | None = None) -> list[Finding]:
    """All that is wrong with the entry as it is stored, what blocks first; it is to be public on that day, or today."""
    day = public_on or timezone.localdate()
    checks = [check for check in CHECKS.values() if check.is_for(entry)]
    found = [finding for check in checks for finding in check.findings(entry, day)]
    return sorted(found, key=lambda finding: not finding.is_blocking)


def refuse_unfinished(entry, public_on: date | None = None) -> None:
    """Raise a ValidationError that says all at once, each at its field, what keeps the entry from going on."""
    reasons = defaultdict(list)
    for finding in findings(entry, public_on):
        if finding.is_blocking:
            reasons[finding.field or NON_FIELD_ERRORS].append(finding.message)
    if reasons:
        raise ValidationError(dict(reasons))


# The entry's own words


def text_names(record) -> list[str]:
    """The translated fields of a record or of a model in their order, without its address."""
    translated = translator.get_options_for_model(record._meta.model).all_fields.keys() - {"slug"}
    return [field.name for field in record._meta.concrete_fields if field.name in translated]


def texts_of(record) -> Iterator[tuple[str, str]]:
    """Every column of text that is not empty, with the words a reader sees, a line for each paragraph."""
    for name in text_names(record):
        for language in LANGUAGES:
            column = f"{name}_{language}"
            if words := words_in(record, column):
                yield column, words


def words_in(record, column: str) -> str:
    text = getattr(record, column) or ""
    is_rich = isinstance(record._meta.get_field(column), ProseEditorField)
    return words_of_html(text) if is_rich else text.strip()


@lru_cache(maxsize=8)  # every check of texts asks for the same ones, and a long body takes its time
def words_of_html(html: str) -> str:
    return "\n".join(paragraphs(html))


def source_words(entry, name: str) -> str:
    """The text in the language that the entry is written in."""
    return words_in(entry, f"{name}_{entry.source_language}")


def field_in_source(entry, name: str) -> str:
    return f"{name}_{entry.source_language}" if name in text_names(entry) else name


def name_of(entry, field: str) -> str:
    try:
        return capfirst(str(entry._meta.get_field(field).verbose_name))
    except FieldDoesNotExist:  # the date, which is three columns, or no field at all
        return ""


# What every entry must have


@blocking(gettext_lazy("Title"), field="title")
def has_a_title(entry):
    return "" if source_words(entry, "title") else _("Give the title in the language this is written in.")


@blocking(gettext_lazy("Summary"), field="summary")
def has_a_summary(entry):
    return "" if source_words(entry, "summary") else _("Write the summary that lists show.")


@blocking(gettext_lazy("Topic"))
def has_a_topic(entry):
    if not entry.topics.exists():
        return _("A public entry has at least one topic: without one it stands on no topic’s page.")


@blocking(gettext_lazy("Date"), field="date")
def has_a_date_or_says_it_has_none(entry):
    if entry.date.is_undated and not entry.is_undated:
        return _("Give the date as far as it is known, or say that it is undated on purpose.")


@blocking(gettext_lazy("Address"), field="slug_en")
def english_address_is_free(entry):
    return wrong_address(entry, entry.slug_en)


@blocking(gettext_lazy("Address"), field="slug_es")
def spanish_address_is_free(entry):
    return wrong_address(entry, entry.slug_es)


def wrong_address(entry, slug: str | None) -> str:
    if slug and not re.search("[a-z]", slug, re.IGNORECASE):
        return _("An address of digits alone tells readers nothing: add a word of the title.")
    if slug and slug_is_taken(entry, slug):
        return _("Another page has or had this address; choose another.")
    return ""


@blocking(gettext_lazy("Broken letters"), texts=ALL)
def letters_are_whole(words):
    if piece := broken_piece(words):
        return _("Letters are broken in “%(piece)s”: write this passage anew.") % {"piece": piece}


@blocking(gettext_lazy("Broken letters in files, recordings and corrections"))
def letters_of_files_are_whole(entry):
    for row in [*entry.downloads.in_order(), *entry.media.in_order(), *entry.corrections.in_order()]:
        for column, words in texts_of(row):
            if piece := broken_piece(words):
                return _("%(where)s of “%(row)s”: letters are broken in “%(piece)s”. Write this passage anew.") % {
                    "where": name_of(row, column),
                    "row": row,
                    "piece": piece,
                }


# What every entry had better have

NOT_YET = {
    "en": gettext_lazy("Not yet in English: %(texts)s."),
    "es": gettext_lazy("Not yet in Spanish: %(texts)s."),
}


@advisory(gettext_lazy("Other language"))
def is_in_both_languages(entry):
    language = other(entry.source_language)
    missing = [
        str(entry._meta.get_field(name).verbose_name)
        for name in text_names(entry)
        if source_words(entry, name) and not words_in(entry, f"{name}_{language}")
    ]
    return NOT_YET[language] % {"texts": ", ".join(missing)} if missing else ""


@advisory(gettext_lazy("Corrections"))
def corrections_are_in_both_languages(entry):
    if not getattr(entry, f"title_{other(entry.source_language)}"):
        return ""
    lacking = [
        str(correction)
        for correction in entry.corrections.newest_first()
        if not all(words_in(correction, f"note_{language}") for language in LANGUAGES)
    ]
    return _("In one language only: %(dates)s.") % {"dates": "; ".join(lacking)} if lacking else ""


LONGEST_SUMMARY = 600  # characters


@advisory(gettext_lazy("Length of the summary"), texts=("summary",))
def summary_is_short(words):
    if len(words) > LONGEST_SUMMARY:
        return _("It has %(length)d characters; lists are easier to read with %(most)d at most.") % {
            "length": len(words),
            "most": LONGEST_SUMMARY,
        }


@advisory(gettext_lazy("Capitals in the title"), texts=("title",))
def title_is_not_in_capitals(words):
    if is_shouted(words):
        return _("Only capitals are hard to read, and screen readers may spell them out.")


@advisory(gettext_lazy("Stop after the title"), texts=("title",))
def title_has_no_final_stop(words):
    if has_final_stop(words):
        return _("A title has no stop at its end.")


@advisory(gettext_lazy("Quotation marks"), texts=ALL)
def quotation_marks_are_of_one_kind(words):
    kinds = quotation_marks(words)
    if len(kinds) > 1:
        return _("Quotation marks of different kinds: %(kinds)s. Keep to one.") % {"kinds": " ".join(kinds)}


@advisory(gettext_lazy("Repeated letters or words"), texts=ALL)
def nothing_is_repeated(words):
    if piece := repeated_piece(words):
        return _("Repeated: “%(piece)s”. Is this meant?") % {"piece": piece}
