"""A reference as the lists of three manuals print it: Chicago (18th edition, author-date), APA (7th) and MLA (9th).

On a Spanish page they keep to the usage of Spanish: “y” for “and”, “s. f.” for “n.d.”, no comma before “y” but after a
name that is turned round. Titles keep the capitals they have, as no rule knows which of their words are names.
"""

import re
from dataclasses import replace
from datetime import date
from html import unescape

from django.utils.html import conditional_escape, escape, format_html, format_html_join, strip_tags
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from research_hub.activity.dates import WORDINGS, PartialDate, Precision, print_date
from research_hub.languages.names import conjunction
from research_hub.languages.text import Text

from .citing import Name, Reference


def citations(reference: Reference, today: date) -> list[dict[str, str]]:
    """The reference in each style, in the language of the page that shows it."""
    with override(reference.title.page):
        return [{"style": style.name, "text": style(reference, today).text()} for style in (Chicago, APA, MLA)]


class Style:
    """What the three have in common."""

    name: str

    def __init__(self, reference: Reference, today: date):
        self.reference, self.today, self.language = reference, today, reference.title.page
        self.is_edited = not reference.authors

    def text(self) -> SafeString:
        raise NotImplementedError

    def title(self) -> SafeString:
        """In italics what stands alone, in quotation marks what is part of something."""
        title = self.reference.title
        if not self.reference.is_part:
            return format_html("<i{}>{}</i>", title.lang_attr, title.words)
        words = re.sub('[“"]([^“”"]*)[”"]', r"‘\1’", title.words)
        inside = stop(words) if self.language == "en" else ""
        return format_html("“{}{}”", marked(replace(title, words=words)), inside)

    def series(self) -> SafeString:
        return row(" ", marked(self.reference.series), self.reference.number)

    def place(self) -> SafeString:
        """Who publishes it, or in what it stands."""
        return format_html("<i>{}</i>" if self.reference.is_part else "{}", self.reference.publisher)

    def is_by_the_publisher(self) -> bool:
        return self.reference.heads == [Name(self.reference.publisher)]

    def made_by(self) -> list[str]:
        """The editors, if the reference does not begin with them, and the translators."""
        editors = [] if self.is_edited else self.reference.editors
        roles = [(editors, _("Edited by %(names)s")), (self.reference.translators, _("Translated by %(names)s"))]
        return [role % {"names": self.in_row(names)} for names, role in roles if names]

    def turned_round(self) -> list[str]:
        """The names that it begins with, of which the first is “García, Ana”."""
        first, *others = self.reference.heads
        return [first.inverted, *(name.direct for name in others)]

    def in_row(self, names: list[Name], sign: str = "") -> str:
        """As a sentence has them: in English, of more than two the last has a comma before “and”."""
        return self.joined([name.direct for name in names], len(names) > 2 and self.language == "en", sign)

    def joined(self, names: list[str], comma: bool, sign: str = "") -> str:
        if len(names) < 2:
            return "".join(names)
        *firsts, last = names
        return f"{', '.join(firsts)}{',' * comma} {sign or conjunction(self.language, last)} {last}"

    def accessed(self, day: str) -> str:
        """When it was read, which is said of what has no date."""
        return "" if self.reference.year else _("Accessed %(day)s") % {"day": day}

    def day_and_month(self) -> str:
        """What is known of the date beside the year."""
        published, wording = self.reference.date, WORDINGS[self.language]
        if published.lo is None or published.precision == Precision.YEAR:
            return ""
        month = wording.month_name(published.lo)
        has_day = published.precision == Precision.DAY
        return wording.day.format(day=published.lo.day, month=month) if has_day else month


class Chicago(Style):
    """García, Ana, and Luis Ibarra. 2017. *Title*. Policy Brief. Field Notes 3. Institute. Address."""

    name = "Chicago"
    LISTED, NAMED = 6, 3  # of more than so many, so many are named

    def text(self) -> SafeString:
        return sentences(
            self.names(),
            self.reference.year or _("n.d."),
            self.title(),
            self.reference.genre,
            *self.made_by(),
            *self.where(),
            self.accessed(print_date(PartialDate.day(self.today), self.language)),
            self.reference.link,
        )

    def names(self) -> str:
        names = self.turned_round()
        if len(names) > self.LISTED:
            listed = f"{', '.join(names[: self.NAMED])}, et al."
        else:
            listed = self.joined(names, comma=self.language == "en" or len(names) == 2)
        edited = ngettext("%(names)s, ed.", "%(names)s, eds.", len(names))
        return edited % {"names": listed} if self.is_edited else listed

    def where(self) -> list[SafeString]:
        if self.reference.is_part:
            return [row(", ", self.place(), self.series(), self.day_and_month())]
        return [self.series(), self.place()]


class APA(Style):
    """García, A., & Ibarra, L. (2017). *Title* (Field Notes No. 3) [Policy Brief]. Institute. Address"""

    name = "APA"
    LISTED = 20  # of more, the last stands after an ellipsis

    def text(self) -> SafeString:
        place = "" if self.is_by_the_publisher() and not self.reference.is_part else self.place()
        told = sentences(self.names(), f"({self.date()})", self.title_and_notes(), place)
        return row(" ", told, self.reference.link)

    @property
    def sign(self) -> str:
        return "&" if self.language == "en" else ""

    def names(self) -> str:
        names = [in_short(name).inverted for name in self.reference.heads]
        if len(names) > self.LISTED:
            listed = f"{', '.join(names[: self.LISTED - 1])}, … {names[-1]}"
        else:
            listed = self.joined(names, comma=True, sign=self.sign)
        edited = ngettext("%(names)s (Ed.)", "%(names)s (Eds.)", len(names))
        return edited % {"names": listed} if self.is_edited else listed

    def date(self) -> str:
        parts = [self.reference.year, self.day_and_month() if self.reference.is_part else ""]
        return ", ".join(filter(None, parts)) or _("n.d.")

    def title(self) -> SafeString:
        return marked(self.reference.title) if self.reference.is_part else super().title()

    def title_and_notes(self) -> SafeString:
        notes = row("; ", *self.made_by(), self.series())
        bracketed = [
            format_html(form, words) for form, words in (("({})", notes), ("[{}]", self.reference.genre)) if words
        ]
        return row(" ", self.title(), *bracketed)

    def made_by(self) -> list[str]:
        editors = [] if self.is_edited else [in_short(name) for name in self.reference.editors]
        translators = [in_short(name) for name in self.reference.translators]
        edited = ngettext("%(names)s, Ed.", "%(names)s, Eds.", len(editors))
        roles = [(editors, edited), (translators, _("%(names)s, Trans."))]
        return [role % {"names": self.in_row(names, self.sign)} for names, role in roles if names]

    def series(self) -> SafeString:
        """Of a book it is not told."""
        if self.reference.type.csl == "book":
            return SafeString()
        name, number = marked(self.reference.series), self.reference.number
        if number[:1].isdigit():
            return format_html(_("{series} No. {number}"), series=name, number=number)
        return row(" ", name, number)


class MLA(Style):
    """García, Ana, and Luis Ibarra. *Title*. Policy Brief. Institute, 31 Aug. 2017, address. Field Notes 3."""

    name = "MLA"
    LISTED = 2  # of more, only the first is named

    def text(self) -> SafeString:
        is_part, made_by = self.reference.is_part, ", ".join(self.made_by())
        return sentences(
            "" if self.is_by_the_publisher() else self.names(),
            self.title(),
            made_by if is_part else "",
            self.reference.genre,
            row(
                ", ",
                "" if is_part else made_by,
                self.place(),
                self.series() if is_part else "",
                self.date(),
                self.reference.link,
            ),
            "" if is_part else self.series(),
            self.accessed(mla_date(PartialDate.day(self.today), self.language)),
        )

    def names(self) -> str:
        names = self.turned_round()
        listed = f"{names[0]}, et al." if len(names) > self.LISTED else self.joined(names, comma=True)
        edited = ngettext("%(names)s, editor", "%(names)s, editors", len(names))
        return edited % {"names": listed} if self.is_edited else listed

    def in_row(self, names: list[Name], sign: str = "") -> str:
        return f"{names[0].direct} et al." if len(names) > self.LISTED else super().in_row(names, sign)

    def date(self) -> str:
        """As full as it is known; of a book the year."""
        year = self.reference.year if self.reference.type.csl == "book" else ""
        return year or mla_date(self.reference.date, self.language)

    def made_by(self) -> list[str]:
        first, *others = super().made_by() or [""]
        return [first, *(words[:1].lower() + words[1:] for words in others)]


def mla_date(published: PartialDate, language: str) -> str:
    """31 Aug. 2017 in English; as everywhere in Spanish, which does not shorten its months."""
    if published.lo is None:
        return ""
    if language != "en" or published.precision == Precision.YEAR:
        return print_date(published, language)
    month = WORDINGS[language].month_name(published.lo)
    short = month if len(month) <= 4 else f"{month[: 4 if month == 'September' else 3]}."
    day = f"{published.lo.day} " if published.precision == Precision.DAY else ""
    return f"{day}{short} {published.lo.year}"


def in_short(name: Name) -> Name:
    """Ana María → A. M., Jean-Paul → J.-P.; a particle stays, Juan de la → J. de la."""
    first, *others = re.sub(r"\.(?=\w)", ". ", name.given).split() or [""]
    return replace(name, given=" ".join([initial(first), *(w if w.islower() else initial(w) for w in others)]))


def initial(word: str) -> str:
    return "-".join(f"{part[0]}." for part in word.split("-") if part)


def marked(text: Text) -> SafeString:
    """The words, with their language where that is not the page's."""
    return format_html("<span{}>{}</span>", text.lang_attr, text.words) if text.is_foreign else escape(text.words)


def row(separator: str, *parts: str) -> SafeString:
    """What there is of the parts, as HTML."""
    return format_html_join(separator, "{}", ((part,) for part in parts if part))


def sentences(*parts: str) -> SafeString:
    return row(" ", *(format_html("{}{}", part, stop(part)) for part in parts if part))


def stop(words: str) -> str:
    """The full stop that they still need, which is none after a question."""
    end = unescape(strip_tags(conditional_escape(words))).rstrip("”’»\"'")[-1:]
    return "" if end in set(".?!…") else "."
