"""The glossary: what the institute says in one language for a term of the other."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import chain, groupby
from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from research_hub.activity.words import LETTERS, stems, words_of
from research_hub.languages.text import LANGUAGES, other

from .sentences import blocks, sentences

BETWEEN_FORMS = ";"

Stems = tuple[str, ...]


class Term(models.Model):
    term_en = models.CharField(
        gettext_lazy("English"),
        max_length=300,
        help_text=gettext_lazy(
            "The form that the institute prefers, then others that are right as well, with a semicolon between them: "
            "water right; right to water. Plurals, capitals and accents make no difference."
        ),
    )
    term_es = models.CharField(
        gettext_lazy("Spanish"),
        max_length=300,
        help_text=gettext_lazy("In the same way: derecho de agua; derecho al agua."),
    )
    note = models.CharField(
        gettext_lazy("note"),
        max_length=600,
        blank=True,
        help_text=gettext_lazy("Where the term belongs, or why it was chosen; translators read it."),
    )

    class Meta:
        verbose_name = gettext_lazy("glossary term")
        verbose_name_plural = gettext_lazy("glossary terms")
        constraints = [
            models.UniqueConstraint(
                fields=["term_en", "term_es"],
                name="a_term_is_in_the_glossary_once",
                violation_error_message=gettext_lazy("This is in the glossary already."),
            )
        ]

    def __str__(self):
        return " = ".join(self.preferred(language) for language in LANGUAGES)

    def clean(self):
        super().clean()
        errors = {f"term_{language}": fault for language in LANGUAGES if (fault := self._fault(language))}
        if errors:
            raise ValidationError(errors)
        for language in LANGUAGES:
            setattr(self, f"term_{language}", f"{BETWEEN_FORMS} ".join(self.forms(language)))
        if rival := self._rival():
            raise ValidationError(_("The glossary has this already: “%(term)s”. Add to that.") % {"term": rival})

    def _fault(self, language: str) -> str:
        seen: set[Stems] = set()
        for form in self.forms(language):
            stemmed = stems_of(form, language)
            if not stemmed:
                return _("“%(form)s” is no word.") % {"form": form}
            if stemmed in seen:
                return _("“%(form)s” stands here twice: plurals and accents make no difference.") % {"form": form}
            seen.add(stemmed)
        return "" if seen else _("Give the term.")

    def _rival(self) -> "Term | None":
        """Another that says the same; the constraint refuses what is the same to the letter."""
        others = Term.objects.exclude(pk=self.pk).exclude(term_en=self.term_en, term_es=self.term_es).order_by("pk")
        return next((term for term in others if self._is_same(term)), None)

    def _is_same(self, term: "Term") -> bool:
        """Whether it has a form of this one in both languages; what has one in one language is another meaning."""
        return all(self.stems(language) & term.stems(language) for language in LANGUAGES)

    def stems(self, language: str) -> set[Stems]:
        return {stemmed for form in self.forms(language) if (stemmed := stems_of(form, language))}

    def forms(self, language: str) -> list[str]:
        """What may be said for it in the language; the form that the institute prefers is the first."""
        typed = (" ".join(form.split()) for form in getattr(self, f"term_{language}").split(BETWEEN_FORMS))
        return [form for form in typed if form]

    def preferred(self, language: str) -> str:
        return next(iter(self.forms(language)), "")

    def advice(self, source_language: str) -> str:
        """What a translator is told who has not used it."""
        said, term = self.preferred(other(source_language)), self.preferred(source_language)
        return _("The institute says “%(said)s” for “%(term)s”.") % {"said": said, "term": term}


class Place(NamedTuple):
    """Where a term stands in a sentence, by its words."""

    start: int
    end: int
    term: Term


Forms = dict[str, list[tuple[Stems, Term]]]  # of many terms, by their first stem
COLUMNS = [field.attname for field in Term._meta.concrete_fields]


def terms_in(text: str, language: str, *, is_rich: bool) -> list[Term]:
    """The terms of the glossary that the text uses, in its order."""
    return list(dict.fromkeys(chain.from_iterable(meanings(text, language, is_rich))))


def missing(source: str, target: str, source_language: str, *, is_rich: bool) -> list[Term]:
    """The terms that the source uses and the target does not.

    Of several that have the same form in the source, one is enough: they are its meanings.
    """
    used, target_language = list(meanings(source, source_language, is_rich)), other(source_language)
    forms = forms_of(set(chain.from_iterable(used)), target_language)
    said = {place.term for place in chain.from_iterable(places(target, target_language, forms, is_rich))}
    return list(dict.fromkeys(term for terms in used if said.isdisjoint(terms) for term in terms))


def meanings(text: str, language: str, is_rich: bool) -> Iterator[list[Term]]:
    """What may be meant wherever the text has a term; the longest wins where one is part of another."""
    rows = Term.objects.order_by("pk").values_list(*COLUMNS)
    for in_sentence in places(text, language, forms_of_rows(tuple(rows), language), is_rich):
        reached = 0
        for (_start, end), same in groupby(sorted(in_sentence, key=by_length), key=lambda place: place[:2]):
            if end > reached:
                yield [place.term for place in same]
                reached = end


def by_length(place: Place) -> tuple[int, int]:
    return place.start, -place.end


def places(text: str, language: str, forms: Forms, is_rich: bool) -> Iterator[list[Place]]:
    """Where these terms stand, sentence by sentence."""
    for sentence in chain.from_iterable(map(sentences, blocks(text, is_rich))):
        words = stems_of(sentence, language)
        yield [
            Place(start, start + len(form), term)
            for start, word in enumerate(words)
            for form, term in forms.get(word, ())
            if words[start : start + len(form)] == form
        ]


@lru_cache(maxsize=2 * len(LANGUAGES))
def forms_of_rows(rows: tuple[tuple, ...], language: str) -> Forms:
    """Kept as long as the glossary stays what it is: to make it anew takes longer than to read a text."""
    return forms_of((Term.from_db(None, COLUMNS, row) for row in rows), language)


def forms_of(terms: Iterable[Term], language: str) -> Forms:
    forms = defaultdict(list)
    for term in terms:
        for stemmed in term.stems(language):
            forms[stemmed[0]].append((stemmed, term))
    return forms


def stems_of(text: str, language: str) -> Stems:
    return tuple(stems(words_of(text), LETTERS[language]))
