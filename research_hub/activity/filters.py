"""What a visitor may narrow a list by, and what of it cannot be understood."""

from dataclasses import replace
from functools import cached_property, lru_cache
from urllib.parse import urlencode

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django_filters import ChoiceFilter, Filter, FilterSet

from research_hub.languages.text import LANGUAGES, current

from .dates import DateError, PartialDate, parse_date
from .hits import WordSelection
from .kinds import KINDS, OWNERS
from .models import EVERYTHING
from .selection import Facets, Selection, shortest_first
from .words import clean, parse

HINTS = {"en": "E.g., 06/03/2024", "es": "P. ej., 03/06/2024"}  # the same day; never today's, see DESIGN
MORE_HINTS = {"en": "2024 or 06/2024 also work", "es": "2024 o 06/2024 también sirven"}
LANGUAGE_CHOICES = [("en", _("English")), ("es", _("Spanish"))]


class PeriodField(forms.CharField):
    """A day, a month or a year, typed in the order of the reader's language."""

    def clean(self, value) -> PartialDate | None:
        text = super().clean(value)
        if not text:
            return None
        try:
            return parse_date(text, current())
        except DateError as error:
            raise forms.ValidationError(error.message, code=error.code) from error


class PeriodFilter(Filter):
    field_class = PeriodField


class WordsField(forms.CharField):
    """Any text at all."""

    def to_python(self, value):
        return clean(value or "")


class WordsFilter(Filter):
    field_class = WordsField


class FlagFilter(ChoiceFilter):
    """Asked for by 1, or not at all."""

    def __init__(self, **options):
        super().__init__(choices=[("1", _("Yes"))], **options)


class OwnerField(forms.CharField):
    """A topic, region, author or series, by the slug of either language."""

    def __init__(self, *, sort: str, **options):
        self.sort = sort
        super().__init__(**options)

    def clean(self, value):
        slug = super().clean(value)
        if not slug:
            return None
        owner = OWNERS[self.sort].model.objects.at(slug)
        if owner is None:
            raise forms.ValidationError(gettext("There is no “%(slug)s”.") % {"slug": slug}, code="unknown")
        return owner


class OwnerFilter(Filter):
    field_class = OwnerField


class TypeField(forms.CharField):
    """A type of entries, by its code, which is the same in both languages."""

    def clean(self, value):
        code = super().clean(value)
        if not code:
            return None
        for kind in KINDS.values():
            found = kind.types.objects.filter(code=code).first() if kind.types else None
            if found:
                return found
        raise forms.ValidationError(gettext("There is no “%(slug)s”.") % {"slug": code}, code="unknown")


class TypeFilter(Filter):
    field_class = TypeField


ADDRESS_WORDS = {"since": "from", "until": "to"}  # `from` is Python's word


class ActivityFilter(FilterSet):
    """Validates what the address asks for; what is wrong is left out of the selection and told."""

    q = WordsFilter(label=_("Words"))
    since = PeriodFilter(label=_("From"))
    until = PeriodFilter(label=_("To"))
    undated = FlagFilter(label=_("Undated too"))
    kind = ChoiceFilter(label=_("Kind"), choices=lambda: [(kind.name, kind.plural) for kind in KINDS.values()])
    type = TypeFilter(label=_("Type"))
    language = ChoiceFilter(label=_("Language"), choices=LANGUAGE_CHOICES)
    media = FlagFilter(label=_("With a recording"))
    topic = OwnerFilter(label=_("Topic"), sort="topic")
    region = OwnerFilter(label=_("Region"), sort="region")
    author = OwnerFilter(label=_("Author"), sort="author")
    series = OwnerFilter(label=_("Series"), sort="series")
    order = ChoiceFilter(label=_("Order"), choices=[("relevance", _("Relevance"))])

    def __init__(self, data, number: int, fixed: dict | None = None):
        self.number = number
        self.fixed = fixed or {}  # what the page itself narrows its list by, such as the kind
        self.given = {name: data[name] for name in self.base_filters if name in data}
        if self.given.get("q"):  # words are taken as they come: only an empty field leads to a shorter address
            self.given["q"] = clean(self.given["q"])
            if not self.given["q"]:
                del self.given["q"]
        self.data = data

    @classmethod
    def get_filters(cls):
        filters = super().get_filters()
        return {ADDRESS_WORDS.get(name, name): found for name, found in filters.items()}

    @cached_property
    def form(self) -> forms.Form:
        return form_of(tuple(self.given))(self.data)

    @cached_property
    def asked(self) -> dict:
        """What was understood, by its word in the address."""
        if not self.given or (not self.form.is_valid() and not self.form.cleaned_data):
            return {}
        asked = {name: value for name, value in self.form.cleaned_data.items() if value}
        if "q" not in asked:
            asked.pop("order", None)
        return asked

    @property
    def is_reversed(self) -> bool:
        since, until = self.asked.get("from"), self.asked.get("to")
        return bool(since and until and since.lo > until.hi)

    @cached_property
    def selection(self) -> Selection:
        asked = self.asked
        since, until = asked.get("from"), asked.get("to")
        if self.is_reversed:
            since, until = until, since
        facets = Facets(
            kind=KINDS[asked["kind"]].code if "kind" in asked else None,
            type=asked["type"].pk if "type" in asked else None,
            language=asked.get("language"),
            media=bool(asked.get("media")),
        )
        numbers = {self.number, *(owner.list_number for owner in self.owners.values())}
        if len(numbers) > 1:
            numbers.discard(EVERYTHING)
        narrowed = (since, until, bool(asked.get("undated")), replace(facets, **self.fixed))
        if "q" in asked:
            return WordSelection(tuple(numbers), *narrowed, parse(asked["q"]), "order" in asked)
        return Selection(tuple(numbers) if len(numbers) == 1 else shortest_first(numbers), *narrowed)

    @property
    def owners(self) -> dict:
        return {name: self.asked[name] for name in OWNERS if name in self.asked}

    @cached_property
    def canonical(self) -> dict[str, str]:
        """The query that says the same to readers of both languages, in a fixed order."""
        return {name: _canonical(name, value) for name in self.base_filters if (value := self.asked.get(name))}

    @property
    def errors(self) -> dict:
        return self.form.errors if self.given else {}

    def redirect(self, path: str) -> str | None:
        """The canonical address, where this one was typed; one with a mistake in it is answered as it is."""
        if self.errors or self.given == self.canonical:
            return None
        return f"{path}?{urlencode(self.canonical)}" if self.canonical else path

    def error(self, name: str) -> str:
        return " ".join(self.errors.get(name, []))


@lru_cache
def form_of(names: tuple[str, ...]) -> type[forms.Form]:
    """A form for what an address gives. FilterSet would copy every filter, and make a form of them, for each page."""
    return type("ActivityForm", (forms.Form,), {name: ActivityFilter.base_filters[name].field for name in names})


def _canonical(name: str, value) -> str:
    if isinstance(value, PartialDate):
        return value.iso()
    if name in OWNERS:
        return value.slug_in(LANGUAGES[0])
    return value.code if name == "type" else value
