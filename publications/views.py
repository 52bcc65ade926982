from itertools import groupby

from django.utils.translation import gettext_lazy as _

from research_hub.activity.caching import Versioned
from research_hub.activity.cards import cards_in
from research_hub.activity.models import Activity
from research_hub.activity.views import OwnerDetail
from research_hub.editorial.views import RELATED, EntryDetail
from research_hub.languages.addresses import link_to
from research_hub.languages.text import current, read
from research_hub.languages.views import BilingualPage
from research_hub.media.views import picture

from .models import Author, Publication, Series


class PublicationDetail(EntryDetail):
    model = Publication

    def get_queryset(self):
        return super().get_queryset().select_related("type", "series", "cover")

    def get_context_data(self, **kwargs):
        publication = self.object
        series = publication.series
        return super().get_context_data(
            byline=[
                person(row.author, row, hidden=row.Role.AUTHOR)
                for row in publication.authorships.in_order().select_related("author")
            ],
            series=link_to(series) | {"number": publication.number} if series else None,
            cover=picture(publication.cover),
            facts=self.facts(),
            **kwargs,
        )

    def facts(self) -> list[dict]:
        publication = self.object
        doi = f"https://doi.org/{publication.doi}"
        facts = [
            {"label": "DOI", "value": publication.doi, "url": doi},
            {"label": "ISBN", "value": publication.isbn},
        ]
        return [fact for fact in facts if fact["value"]]

    def related_cards(self, topics):
        """The editors' choice before the newest of its first topic."""
        chosen = Activity.objects.filter(uid__in=self.object.related.published().values("uid")).order_by("-sort_key")
        curated = cards_in(chosen, current())
        rest = super().related_cards(topics)
        return (curated + [card for card in rest if card not in curated])[: max(RELATED, len(curated))]


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
    queryset = Author.objects.select_related("photo")

    def get_context_data(self, **kwargs):
        return super().get_context_data(photo=picture(self.object.photo), **kwargs)


class SeriesDetail(OwnerDetail):
    model = Series
    list_heading = _("In this series")
