from functools import lru_cache
from itertools import groupby

from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from research_hub.activity.caching import Versioned
from research_hub.activity.cards import as_text, read_card
from research_hub.activity.kinds import KINDS
from research_hub.activity.models import Activity
from research_hub.activity.page import listed_owner
from research_hub.activity.prepared import Prepared
from research_hub.activity.selection import list_sizes
from research_hub.activity.views import ListOnPage, OwnerDetail
from research_hub.editorial.prose import plain_text
from research_hub.languages.addresses import link_to
from research_hub.languages.text import current, other, read
from research_hub.languages.views import BilingualPage
from research_hub.media.renditions import SQUARE
from research_hub.media.views import picture
from research_hub.translation.views import TranslatedEntryDetail

from .cite_views import ways_to_cite
from .citing import reference_to
from .metadata import author_metadata, publication_metadata
from .models import Author, Authorship, Publication, PublicationType, Series
from .styles import citations

DESCRIPTION_WORDS = 24


class PublicationList(ListOnPage, BilingualPage):
    template_name = "publications/publication_list.html"
    url_name = "publication_list"
    name = _("Publications")
    list_heading = _("Latest publications")

    @property
    def fixed(self):
        return {"kind": KINDS["publication"].code}

    @property
    def type(self) -> PublicationType | None:
        """That of the publications on this page, where it is what they have in common."""
        return self.filter.asked.get("type") if len(self.filter.canonical) == 1 else None

    def get_steps(self):
        return super().get_steps() + ([link_to_type(self.type)] if self.type else [])

    def get_context_data(self, **kwargs):
        return super().get_context_data(page_name=self.get_steps()[-1], **kwargs)


def link_to_type(type_: PublicationType) -> dict:
    return link_to(type_, "plural")


class PublicationDetail(TranslatedEntryDetail):
    model = Publication
    above = PublicationList
    together = ("type", "series", "cover")

    def get_context_data(self, **kwargs):
        publication = self.object
        series = publication.series
        authorships = self.authorships
        context = super().get_context_data(
            type_url=publication.type.get_absolute_url(),
            byline=[person(row.author, row, hidden=row.Role.AUTHOR) for row in authorships],
            series=link_to(series) | {"number": publication.number} if series else None,
            cover=picture(publication.cover),
            facts=self.facts(),
            **kwargs,
        )
        reference = reference_to(publication, authorships, context["downloads"], current())
        return context | {
            "citations": citations(reference, timezone.localdate()),
            "ways_to_cite": ways_to_cite(publication),
            "metadata": publication_metadata(publication, reference, authorships, context),
        }

    def get_steps_between(self):
        return [link_to_type(self.object.type)]

    @cached_property
    def authorships(self) -> list[Authorship]:
        return AUTHORSHIPS(self.object.pk)

    @property
    def people(self) -> list[Author]:
        return [row.author for row in self.authorships]

    def facts(self) -> list[dict]:
        publication = self.object
        doi = f"https://doi.org/{publication.doi}"
        facts = [
            {"label": "DOI", "value": publication.doi, "url": doi},
            {"label": "ISBN", "value": publication.isbn},
        ]
        return [fact for fact in facts if fact["value"]]

    def chosen_cards(self):
        return [read_card(text) for (text,) in chosen_cards(current())(self.object.pk)]


AUTHORSHIPS = Prepared(lambda pk: Authorship.objects.filter(publication=pk).in_order().select_related("author"), int)


@lru_cache
def chosen_cards(language: str) -> Prepared:
    """The cards of the publications that editors have named beside one."""

    def chosen(pk):
        uids = Publication(pk=pk).related.published().values("uid")
        return Activity.objects.filter(uid__in=uids).order_by("-sort_key").values_list(as_text(language))

    return Prepared(chosen, int)


def person(author: Author, row, hidden: str) -> dict:
    """Somebody in a byline or a programme, with their role there unless it is the usual one."""
    return {
        "name": author.name,
        "url": author.get_absolute_url(),
        "role": "" if row.role == hidden else row.get_role_display(),
    }


class AuthorList(Versioned, BilingualPage):
    template_name = "publications/author_list.html"
    url_name = "author_list"
    name = _("Authors")

    def get_context_data(self, **kwargs):
        authors = Author.objects.active().by_name()
        letters = [
            {"letter": letter, "authors": [author_shown(author) for author in group]}
            for letter, group in groupby(authors, key=lambda author: author.sort_name[:1].upper())
        ]
        return super().get_context_data(letters=letters, **kwargs)


def author_shown(author: Author) -> dict:
    role = read(author, "role")
    return {
        "name": author.name,
        "url": author.get_absolute_url(),
        "role": role.words,
        "lang": role.language if role.is_foreign else "",
    }


class AuthorDetail(OwnerDetail):
    model = Author
    above = AuthorList
    queryset = Author.objects.select_related("photo")

    def get_context_data(self, **kwargs):
        context = super().get_context_data(photo=picture(self.object.photo, SQUARE), **kwargs)
        return context | {"metadata": author_metadata(self.object, context)}

    def get_own_link(self):
        return {"url": self.object.get_absolute_url(), "name": self.object.name, "lang": ""}


class SeriesList(Versioned, BilingualPage):
    template_name = "publications/series_list.html"
    url_name = "series_list"
    name = pgettext_lazy("plural", "Series")

    def get_context_data(self, **kwargs):
        series = list(Series.objects.order_by(f"name_{current()}", f"name_{other(current())}", "pk"))
        sizes = list_sizes(one.list_number for one in series)
        return super().get_context_data(series=[series_shown(one, sizes) for one in series], **kwargs)


def series_shown(series: Series, sizes) -> dict:
    description = read(series, "description")
    return listed_owner(series, sizes) | {
        "about": Truncator(plain_text(description.words)).words(DESCRIPTION_WORDS),
        "about_lang": description.language if description.is_foreign else "",
    }


class SeriesDetail(OwnerDetail):
    model = Series
    above = SeriesList
    list_heading = _("In this series")
