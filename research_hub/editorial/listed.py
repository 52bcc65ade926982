"""What the public lists show of an entry, and what search finds it by."""

from functools import lru_cache

from django.utils import translation

from research_hub.activity.dates import print_date
from research_hub.activity.kinds import kind_of
from research_hub.activity.models import LANGUAGE_BITS, MEDIA_BITS, PublicRow
from research_hub.languages.names import join_names
from research_hub.languages.text import BADGES, LANGUAGES, read
from research_hub.media.models import MediaLink

from .around import Around, grouped, subjects_of
from .prose import plain_text


class Listed:
    """An entry as the lists see it; `gather` first tells it what is around it."""

    shown_columns = (
        "id", "uid", "updated_at", "date_lo", "date_hi", "date_precision",
        *(f"{field}_{language}" for field in ("title", "slug", "summary", "body") for language in LANGUAGES),
    )  # fmt: skip

    @classmethod
    def gather(cls, entries: list) -> None:
        """Tell each entry what is around it."""
        name, pks = cls._meta.model_name, [entry.pk for entry in entries]
        topics = subjects_of(cls.topics.through, name, "topic", pks)
        regions = subjects_of(cls.regions.through, name, "region", pks)
        people = cls.people_of(pks)
        links = cls.media.rel.related_model.objects.in_order().filter(**{f"{name}_id__in": pks})
        media = grouped(links.values_list(f"{name}_id", "kind"))
        for entry in entries:
            pk = entry.pk
            entry.around = Around(topics[pk] + regions[pk], people[pk], media[pk])

    def as_activity(self) -> PublicRow:
        return PublicRow(
            uid=self.uid,
            date=self.date,
            type=self.type_number,
            languages=sum(LANGUAGE_BITS[language] for language in self.written_in),
            media=sum(MEDIA_BITS[kind] for kind in set(self.around.media)),
            cards={language: self.card(language) for language in LANGUAGES},
            lists=self.list_numbers(),
            words={language: self.words(language) for language in LANGUAGES},
            names=self.names(),
            changed_at=self.updated_at,
        )

    def card(self, language: str) -> dict:
        """What a list shows of it, in finished values."""
        title, summary, date = read(self, "title", language), read(self, "summary", language), self.date
        foreign, foreign_summary = (text.language if text.is_foreign else "" for text in (title, summary))
        return {
            "kind": kind_of(self).name,
            "url": self.get_absolute_url(language),
            "title": title.words,
            "lang": foreign,
            "summary": summary.words,
            "summary_lang": foreign_summary,
            "badge": badge(foreign or foreign_summary, language),
            "type": self.type_name(language),
            "date": print_date(date, language),
            "datetime": date.iso().partition("/")[0],
            "byline": join_names(self.byline_names(), language),
            "media": [media_label(kind, language) for kind in self.around.media],
            "state": self.state_name(language),
        }

    def words(self, language: str) -> dict[str, list[str]]:
        """What search finds it by in this language, by how much it counts."""
        title, summary, body = (getattr(self, f"{field}_{language}") or "" for field in ("title", "summary", "body"))
        subjects = [getattr(subject, f"name_{language}") or "" for subject in self.subjects()]
        return {"title": [title], "summary": [summary, *subjects], "body": [plain_text(body)]}

    def names(self) -> list[str]:
        """The people it is found by, in all forms of their names."""
        return [name for person in self.around.people for name in person.names]

    def subjects(self) -> list:
        """The records whose names it is found by."""
        return list(self.around.subjects)

    def list_numbers(self) -> dict[int, bool]:
        """The lists of its topics and regions, of what those belong to, and of its people."""
        direct = self.around.subjects
        parents = {owner.parent_list_number: False for owner in direct if owner.parent_list_number}
        return parents | {thing.list_number: True for thing in [*direct, *self.around.people]}

    def state_name(self, language: str | None = None) -> str:
        """What is out of the ordinary with it, if something is."""
        return ""


# Words of the interface on cards: the same for all entries, so looked up once.


@lru_cache
def badge(written_in: str, language: str) -> str:
    with translation.override(language):
        return str(BADGES[written_in]) if written_in else ""


@lru_cache
def media_label(kind: str, language: str) -> str:
    with translation.override(language):
        return str(MediaLink.Kind(kind).label)
