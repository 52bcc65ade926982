"""The invented institute of the demonstration: its people, topics and entries, written into an empty site."""

import json
from datetime import datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.db import transaction
from django.utils import timezone

from events.models import Event, EventTopic, Speaker
from publications.models import (
    Author,
    Authorship,
    Publication,
    PublicationDownload,
    PublicationTopic,
    PublicationType,
    Series,
)
from research_hub.activity.dates import read_iso
from research_hub.activity.models import Activity
from research_hub.editorial import history
from research_hub.editorial.roles import ROLES, install_roles
from research_hub.editorial.versions import snapshot
from research_hub.editorial.workflow import Answers, take
from research_hub.languages.text import LANGUAGES
from research_hub.media.models import Image
from topics.models import FeaturedEntry, Region, Topic

from .pictures import landscape, paper
from .translations import put_translations_on_the_desk

FOLDER = Path(__file__).parent
PASSWORD = "alondra-demonstration"
MOST_PAGES = 3  # of a drawn paper
WORDS = ["title_en", "title_es", "summary_en", "summary_es", "body_en", "body_es", "uid", "source_language"]


def read(name: str):
    return json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))


def pick(row: dict, *names: str) -> dict:
    return {name: row[name] for name in names}


def site_words() -> tuple[dict, dict]:
    """The invented institute's name and tagline by language, as settings have them."""
    row = read("site")
    return tuple({language: row[f"{field}_{language}"] for language in LANGUAGES} for field in ("name", "tagline"))


@transaction.atomic
def load_demonstration() -> None:
    """Fill an empty site; whatever stands there already is left as it is."""
    users = make_users()
    if not Topic.objects.exists():
        fill(users)
    for role, user in users.items():  # now, so that nobody is told of what they did while it was filled
        user.email = f"{role}@example.org"
        user.save()


def fill(users: dict) -> None:
    places = {"topics": make_topics(), "regions": make_regions()}
    people, series = make_authors(users["author"]), make_series()
    crossings = read("crossings")
    for row in [*read("publications"), *crossings["publications"]]:
        make_publication(row, people, series, **places).publish(by=users["publisher"])
    for row in [*read("events"), *crossings["events"]]:
        make_event(row, people, **places).publish(by=users["publisher"])
    feature_entries(places["topics"].values())
    Publication.objects.update(created_by=users["author"])
    put_work_on_the_desks(users)
    put_translations_on_the_desk(users)


def make_users() -> dict:
    """One person for each role, all with the same password; for the demonstration only."""
    install_roles()
    users = {}
    for role in ROLES:
        user, is_new = get_user_model().objects.get_or_create(username=role, defaults={"is_staff": True})
        if is_new:
            user.set_password(PASSWORD)
            user.save()
        user.groups.add(Group.objects.get(name=role))
        users[role] = user
    return users


WORK_IN_HAND = [
    ("The data of 2026 are in.", []),
    ("The second table is corrected.", ["submit"]),
    ("A map is added.", ["submit", "request_changes"]),
    ("The figures are those of the final accounts.", ["submit", "approve", "schedule"]),
]
NOTES = {"submit": "Only the summary is new.", "request_changes": "Which map? Name it."}


def put_work_on_the_desks(users: dict) -> None:
    """Working copies of the newest publications, as far along as the steps say."""
    by = {"submit": users["author"], "schedule": users["publisher"]}
    newest = Publication.objects.published().newest_first()[: len(WORK_IN_HAND)]
    for publication, (words, steps) in zip(newest, WORK_IN_HAND, strict=True):
        written = snapshot(publication)
        written["fields"]["summary_en"] += f" {words}"
        copy = publication.work_on(written, by=users["author"])
        copy.version, copy.updated_by = 1, users["author"]
        copy.save()
        history.record(copy, "save", by=users["author"])
        for code in steps:
            tomorrow = timezone.now() + timedelta(days=1)
            take(code, copy, by=by.get(code, users["editor"]), answers=Answers(NOTES.get(code, ""), moment=tomorrow))


def make_topics() -> dict:
    topics: dict[str, Topic] = {}
    for position, row in enumerate(read("topics")):
        topics[row["slug_en"]] = Topic.objects.create(
            **pick(row, "slug_en", "slug_es", "name_en", "name_es", "intro_en", "intro_es"),
            parent=topics.get(row["parent"]),
            position=position,
            image=make_image(row["slug_en"]),
        )
    return topics


def make_regions() -> dict:
    regions: dict[str, Region] = {}
    for position, row in enumerate(read("regions")):
        regions[row["code"]] = Region.objects.create(
            **pick(row, "kind", "name_en", "name_es", "slug_en", "slug_es"),
            code=row["iso"],
            parent=regions.get(row["parent"]),
            position=position,
        )
    return regions


def make_series() -> dict:
    columns = ["slug_en", "slug_es", "name_en", "name_es", "description_en", "description_es"]
    return {row["slug_en"]: Series.objects.create(**pick(row, *columns)) for row in read("series")}


def make_authors(user) -> dict:
    columns = ["slug", "kind", "name", "sort_name", "variants", "role_en", "role_es", "bio_en", "bio_es"]
    authors = {
        row["slug"]: Author.objects.create(**pick(row, *columns, "affiliation", "orcid"), is_active=row["active"])
        for row in read("authors")
    }
    first = next(iter(authors.values()))
    first.user = user
    first.save()
    return authors


def make_image(seed: str) -> Image:
    return Image.objects.create(
        file=landscape(seed),
        alt_en="Drawing: hills behind hills under a low sun",
        alt_es="Dibujo: colinas tras colinas bajo un sol bajo",
        credit="Alondra Institute",
        licence="CC BY 4.0",
    )


def make_publication(row: dict, people: dict, series: dict, topics: dict, regions: dict) -> Publication:
    publication = Publication(
        **pick(row, *WORDS, "subtitle_en", "subtitle_es", "number", "doi", "isbn"),
        type=PublicationType.objects.get(code=row["type"]),
        series=series.get(row["series"]),
        cover=make_image(row["uid"]) if row["type"] in ("report", "book") else None,
    )
    publication.date = read_iso(row["date"])
    publication.save()
    for position, slug in enumerate(row["topics"]):
        PublicationTopic.objects.create(publication=publication, topic=topics[slug], position=position)
    for position, by in enumerate(row["authors"]):
        author = people[by["author"]]
        Authorship.objects.create(
            publication=publication, author=author, position=position, **pick(by, "role", "affiliation")
        )
    for position, file in enumerate(row["downloads"]):
        make_download(publication, file, position)
    add_common(publication, row, regions)
    return publication


def make_download(publication: Publication, file: dict, position: int) -> None:
    title = getattr(publication, f"title_{file['language']}")
    pages = min(file["pages"], MOST_PAGES)
    PublicationDownload.objects.create(
        publication=publication,
        file=paper(title, pages),
        pages=pages,
        position=position,
        **pick(file, "language", "label_en", "label_es"),
    )


def make_event(row: dict, people: dict, topics: dict, regions: dict) -> Event:
    starts_at, ends_at = moments(row)
    event = Event.objects.create(
        **pick(row, *WORDS, "venue_en", "venue_es", "city", "country", "registration_url", "state"),
        **pick(row, "time_zone", "all_day", "format"),
        starts_at=starts_at,
        ends_at=ends_at,
        join_url=row.get("join_url", ""),
        in_english="en" in row["languages"],
        in_spanish="es" in row["languages"],
    )
    for position, slug in enumerate(row["topics"]):
        EventTopic.objects.create(event=event, topic=topics[slug], position=position)
    for position, by in enumerate(row["speakers"]):
        Speaker.objects.create(event=event, author=people[by["author"]], role=by["role"], position=position)
    event.publications.set(Publication.objects.filter(uid__in=row["launches"]))
    add_common(event, row, regions)
    return event


def moments(row: dict) -> tuple[datetime, datetime]:
    """When it starts and ends: as written, or so many days from today, so that some are always to come."""
    zone = ZoneInfo(row["time_zone"])
    if "days_from_today" not in row:
        return tuple(datetime.fromisoformat(row[end]).replace(tzinfo=zone) for end in ("starts_at", "ends_at"))
    day = timezone.localdate() + timedelta(days=row["days_from_today"])
    start = datetime.combine(day, time.fromisoformat(row["start_time"]), tzinfo=zone)
    return start, start + timedelta(minutes=row["minutes"])


def add_common(entry, row: dict, regions: dict) -> None:
    entry.regions.set(regions[code] for code in row["regions"])
    for position, link in enumerate(row["media"]):
        entry.media.create(position=position, **link)
    for position, correction in enumerate(row.get("corrections", [])):
        entry.corrections.create(position=position, **correction)


def feature_entries(topics) -> None:
    """The newest three publications at the top of each topic's page."""
    for topic in topics:
        newest = topic.publications.published().newest_first()[: FeaturedEntry.MOST]
        found = Activity.objects.in_bulk([publication.uid for publication in newest], field_name="uid")
        for position, publication in enumerate(newest, start=1):
            FeaturedEntry.objects.create(topic=topic, activity=found[publication.uid], position=position)
