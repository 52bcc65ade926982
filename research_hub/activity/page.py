"""One page of a list, as templates show it: finished values only."""

from collections import Counter
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.http import Http404
from django.utils import formats
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from research_hub.languages.addresses import link_to
from research_hub.languages.text import current

from .counts import FIRST_DATED_KEY
from .dates import PartialDate, typed_date
from .filters import HINTS, LANGUAGE_CHOICES, MORE_HINTS, ActivityFilter
from .kinds import KINDS
from .search import MOST_FOUND
from .words import LONGEST_QUERY

SIZE = 20
LAST_PAGE = 500
LONGEST_GAP = 60  # years; a bar for each empty year helps up to here


class NoSuchPage(Http404):
    """A list has no page of this number; the ways on are those that the `page` knows."""

    def __init__(self, page: "ActivityPage"):
        super().__init__()
        self.page = page


@dataclass
class ActivityPage:
    """Page `number` of a list; `also` are further keys whose cards the page shows elsewhere."""

    filter: ActivityFilter
    path: str
    number: int
    heading: str
    also: tuple[int, ...] = ()

    def __post_init__(self):
        self.selection = self.filter.selection
        self.facets = self.selection.facets
        self.counts = self.selection.counts()
        self.total = self.facets.total(self.counts.found)
        self.is_cut = self.counts.at_least and self.total > MOST_FOUND
        if self.is_cut:
            self.total = MOST_FOUND
        self.last = min(max(1, -(-self.total // SIZE)), LAST_PAGE)
        if not 1 <= self.number <= self.last:
            raise NoSuchPage(self)
        start = (self.number - 1) * SIZE
        shown_undated = self.undated_total if self.selection.undated else 0
        self.keys = self.selection.keys(start, start + SIZE, self.total, shown_undated)
        self.cards = self.selection.cards(self.keys, self.also, current())

    @cached_property
    def undated_total(self) -> int:
        return self.facets.total(self.counts.undated)

    # The rows

    @cached_property
    def dated(self) -> list[dict]:
        """The rows before the heading of the undated; all of them, where the date is not the order."""
        return self.cards_of(key for key in self.keys if key >= FIRST_DATED_KEY or self.is_by_relevance)

    @cached_property
    def undated(self) -> list[dict]:
        return self.cards_of(key for key in self.keys if key < FIRST_DATED_KEY and not self.is_by_relevance)

    @property
    def is_by_relevance(self) -> bool:
        return "order" in self.filter.canonical

    def cards_of(self, keys) -> list[dict]:
        return [self.cards[key] for key in keys if key in self.cards]

    # What is said of them

    @cached_property
    def count_text(self) -> str:
        return _("More than %(n)s entries") % {"n": number(self.total)} if self.is_cut else entries(self.total)

    @cached_property
    def left_out(self) -> int:
        return self.undated_total if self.selection.is_dated and not self.selection.undated else 0

    @property
    def left_out_text(self) -> str:
        n = self.left_out
        if self.counts.undated_at_least:
            return _("At least %(n)s undated entries are left out.") % {"n": number(n)}
        return ngettext("%(n)s undated entry is left out.", "%(n)s undated entries are left out.", n) % {"n": number(n)}

    @property
    def undated_url(self) -> str:
        return self.url(undated="1")

    @cached_property
    def notes(self) -> list[str]:
        notes = [_("The two dates were swapped, so that the earlier one comes first.")] * self.filter.is_reversed
        for name in self.filter.errors:
            label = self.filter.base_filters[name].label
            notes.append(_("“%(field)s” could not be applied; the rest of the filter was.") % {"field": label})
        return notes

    @cached_property
    def empty(self) -> dict | None:
        if self.total:
            return None
        text = _("Nothing here matches.") if self.is_filtered else _("Nothing has been published here yet.")
        links = [
            {"text": _("%(n)s in %(year)s") % {"n": number(n), "year": year}, "url": self.year_url(year)}
            for year, n in self.nearest_years()
        ]
        if links:
            text = _("Nothing here matches. The nearest by date:")
        if self.is_filtered:
            links.append({"text": _("Show everything"), "url": self.clear_url})
        return {"text": text, "links": links}

    def nearest_years(self) -> list[tuple[int, int]]:
        """The years with entries on either side of what was asked for."""
        if not self.selection.is_dated:
            return []
        since, until = self.selection.since, self.selection.until
        first = (since or until).lo.year
        last = (until or since).hi.year
        before = [year for year in self.counts.years if year < first][-1:]
        after = [year for year in self.counts.years if year > last][:1]
        return [(year, self.counts.years[year]) for year in before + after]

    # The filter

    @property
    def is_filtered(self) -> bool:
        return bool(self.filter.canonical or self.filter.errors)

    @property
    def clear_url(self) -> str:
        return self.path

    @cached_property
    def form(self) -> dict:
        language = current()
        choices = self.choices()
        shown = {"q", "from", "to", *(choice["name"] for choice in choices)}
        return {
            "action": self.path,
            "words": {"name": "q", "value": self.filter.canonical.get("q", ""), "longest": LONGEST_QUERY},
            "since": self.date_field("from"),
            "until": self.date_field("to"),
            "hint": HINTS[language],
            "hint_more": MORE_HINTS[language],
            "choices": choices,
            "hidden": [
                {"name": name, "value": value} for name, value in self.filter.canonical.items() if name not in shown
            ],
        }

    def date_field(self, name: str) -> dict:
        asked = self.filter.asked.get(name)
        value = typed_date(asked, current()) if asked else self.filter.given.get(name, "").replace("\0", "")[:60]
        return {"name": name, "value": value, "error": self.filter.error(name)}

    def choices(self) -> list[dict]:
        choices = [self.kind_choice(), self.language_choice()]
        if self.types:
            choices.insert(0, self.type_choice())
        if "q" in self.filter.canonical:
            choices.append(self.order_choice())
        return [choice for choice in choices if choice["name"] not in self.filter.fixed]

    def kind_choice(self) -> dict:
        options = [(kind.name, kind.plural, self.count_if(kind=kind.code)) for kind in KINDS.values()]
        return self.choice("kind", _("Kind"), options)

    @cached_property
    def types(self) -> list:
        """The types to choose from, on a page of one kind: those of which there is something, and the asked one."""
        kinds = [kind for kind in KINDS.values() if kind.code == self.filter.fixed.get("kind") and kind.types]
        types = [type_ for kind in kinds for type_ in kind.types.objects.order_by("position", "pk")]
        asked = self.filter.asked.get("type")
        return [type_ for type_ in types if type_ == asked or self.count_if(type=type_.pk)]

    def type_choice(self) -> dict:
        options = [(type_.code, str(type_), self.count_if(type=type_.pk)) for type_ in self.types]
        return self.choice("type", _("Type"), options)

    def language_choice(self) -> dict:
        options = [(code, label, self.count_if(language=code)) for code, label in LANGUAGE_CHOICES]
        return self.choice("language", _("Language"), options)

    def order_choice(self) -> dict:
        options = [("", _("Newest first")), ("relevance", _("Relevance"))]
        return {
            "name": "order",
            "label": _("Order"),
            "value": self.filter.canonical.get("order", ""),
            "options": [{"value": value, "label": label, "count": None} for value, label in options],
        }

    def choice(self, name: str, label: str, options: list[tuple]) -> dict:
        more = "+" if self.counts.at_least else ""
        return {
            "name": name,
            "label": label,
            "value": self.filter.canonical.get(name, ""),
            "options": [
                {"value": "", "label": _("All"), "count": None},
                *({"value": value, "label": label, "count": f"{number(n)}{more}"} for value, label, n in options),
            ],
        }

    def count_if(self, **facet) -> int:
        """How many entries there would be with this facet instead of the present one."""
        return replace(self.facets, **facet).total(self.counts.found)

    @cached_property
    def chips(self) -> list[dict]:
        """What the list is narrowed to beside the form's own fields, each with the way out of it."""
        owners = [
            (name, f"{self.filter.base_filters[name].label}: {owner}") for name, owner in self.filter.owners.items()
        ]
        flags = [
            (name, self.filter.base_filters[name].label)
            for name in ("media", "undated")
            if name in self.filter.canonical and (name != "undated" or self.selection.is_dated)
        ]
        type_ = None if self.types else self.filter.asked.get("type")
        types = [("type", f"{self.filter.base_filters['type'].label}: {type_}")] if type_ else []
        return [{"label": label, "url": self.url(**{name: None})} for name, label in types + owners + flags]

    # Ways on

    def url(self, **changes) -> str:
        """This list with other words in its address, from its first page; None takes a word away."""
        query = {word: value for word, value in (self.filter.canonical | changes).items() if value is not None}
        return f"{self.path}?{urlencode(query)}" if query else self.path

    def year_url(self, year: int) -> str:
        return f"{self.path}?from={year}&to={year}{self.rest_of_query}"

    @cached_property
    def rest_of_query(self) -> str:
        """What the address says beside the dates."""
        rest = {word: value for word, value in self.filter.canonical.items() if word not in ("from", "to")}
        return f"&{urlencode(rest)}" if rest else ""

    @property
    def years_label(self) -> str:
        return _("Entries by year")

    @cached_property
    def years(self) -> list[dict]:
        counted = self.counts.years
        if not counted:
            return []
        first, last = min(counted), max(counted)
        years = range(first, last + 1) if last - first <= LONGEST_GAP else counted
        most = max(counted.values())
        return [
            {
                "year": str(year),
                "count": number(counted[year]) if year in counted else "",
                "url": self.year_url(year),
                "height": str(-(-100 * counted.get(year, 0) // most)),
                "current": self.selection.is_dated and self.is_within(year),
            }
            for year in years
        ]

    def is_within(self, year: int) -> bool:
        return PartialDate.year(year).overlaps(self.selection.since, self.selection.until)

    @cached_property
    def pages(self) -> dict | None:
        if self.last == 1:
            return None
        near = {1, self.last, *range(self.number - 2, self.number + 3)}
        shown = [n for n in sorted(near) if 1 <= n <= self.last]
        links = []
        for before, n in zip([0, *shown], shown, strict=False):
            if n - before > 1:
                links.append({"gap": True})
            links.append({"number": str(n), "url": self.page_url(n), "current": n == self.number, "gap": False})
        return {
            "number": self.number,
            "last": self.last,
            "previous_url": self.page_url(self.number - 1) if self.number > 1 else "",
            "next_url": self.page_url(self.number + 1) if self.number < self.last else "",
            "links": links,
        }

    def page_url(self, n: int) -> str:
        return self.url(page=str(n) if n > 1 else None)

    @property
    def first_url(self) -> str:
        return self.page_url(1)

    @property
    def query(self) -> str:
        """What follows the path in the address of this very page."""
        return self.page_url(self.number).removeprefix(self.path)


def entries(n: int) -> str:
    return ngettext("%(n)s entry", "%(n)s entries", n) % {"n": number(n)}


def listed_owner(owner, sizes: Counter[int]) -> dict:
    """A link to an owner's page, and how much stands on its list."""
    return link_to(owner) | {"count_text": entries(sizes[owner.list_number])}


def number(n: int) -> str:
    """With the thousands marked as the reader's language does."""
    return str(n) if n < 1000 else formats.number_format(n, force_grouping=True)
