"""Records for tests, whole and valid unless a test says otherwise."""

from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from itertools import count

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.files.base import ContentFile
from PIL import Image as Drawing
from PIL import ImageColor as Colour

from events.models import Event, EventMedia, EventTopic, Speaker
from publications.models import (
    Author,
    Authorship,
    Publication,
    PublicationMedia,
    PublicationTopic,
    PublicationType,
    Series,
)
from research_hub.activity.dates import PartialDate, read_iso
from research_hub.editorial.roles import install_roles
from research_hub.media.models import Image
from topics.models import Region, Topic

numbers = count(1)


def make_user(role="publisher", **fields):
    """Somebody of the staff with a role; role="" for one with none."""
    fields = {"username": f"{role or 'visitor'}-{next(numbers)}", "is_staff": True} | fields
    user = get_user_model().objects.create_user(**fields)
    if role:
        install_roles()
        user.groups.add(Group.objects.get(name=role))
    return user


def make_topic(name="Water", name_es="Agua", **fields):
    return Topic.objects.create(**{"name_en": name, "name_es": name_es} | fields)


def make_region(name="Mexico", name_es="México", **fields):
    return Region.objects.create(**{"name_en": name, "name_es": name_es} | fields)


def make_author(name="Ana García", **fields):
    return Author.objects.create(name=name, **fields)


def make_series(name="Field Notes", **fields):
    return Series.objects.create(name_en=name, **fields)


def make_type(code="report"):
    known = {"name_en": code.capitalize(), "name_es": code.capitalize()}
    names = {"report": {"name_en": "Report", "name_es": "Informe"}}.get(code, known)
    plurals = {"plural_en": f"{names['name_en']}s", "plural_es": f"{names['name_es']}s"}
    return PublicationType.objects.get_or_create(code=code, defaults=names | plurals)[0]


def make_publication(
    title="A Report",
    *,
    date="2017-08-31",
    topics=(),
    regions=(),
    authors=(),
    media=(),
    published=True,
    type="report",
    **fields,
):
    """`date` is ISO text of any precision, "" for undated; published unless told otherwise."""
    words = {"title_en": title, "summary_en": f"What {title} says."} if title else {}
    publication = Publication(**words | {"type": make_type(type)} | fields)
    publication.date = date if isinstance(date, PartialDate) else read_iso(date)
    publication.save()
    for position, topic in enumerate(topics):
        PublicationTopic.objects.create(publication=publication, topic=topic, position=position)
    for position, author in enumerate(authors):
        Authorship.objects.create(publication=publication, author=author, position=position)
    for kind in media:
        PublicationMedia.objects.create(publication=publication, kind=kind, url="https://media.example.org/1")
    publication.regions.set(regions)
    return publish(publication) if published else publication


def make_event(
    title="A Seminar",
    *,
    starts_at=datetime(2017, 8, 31, 18, tzinfo=UTC),
    hours=2,
    topics=(),
    regions=(),
    speakers=(),
    media=(),
    published=True,
    **fields,
):
    words = {"title_en": title, "summary_en": f"What {title} is about."} if title else {}
    fields = {"time_zone": "UTC"} | words | fields
    ends_at = starts_at + timedelta(hours=hours) if starts_at else None
    event = Event.objects.create(starts_at=starts_at, ends_at=ends_at, **fields)
    for position, topic in enumerate(topics):
        EventTopic.objects.create(event=event, topic=topic, position=position)
    for position, author in enumerate(speakers):
        Speaker.objects.create(event=event, author=author, position=position)
    for kind in media:
        EventMedia.objects.create(event=event, kind=kind, url="https://media.example.org/1")
    event.regions.set(regions)
    return publish(event) if published else event


def publish(entry):
    user, _ = get_user_model().objects.get_or_create(username="the-publisher", defaults={"is_staff": True})
    entry.publish(by=user)
    return entry


def on(day: date, hour=18):
    """A moment on that day, in UTC."""
    return datetime(day.year, day.month, day.day, hour, tzinfo=UTC)


def make_drawing(size=(60, 40), form="PNG", mode="RGB", **options) -> ContentFile:
    """A picture that is red at the left, blue at the right, and named for its format."""
    width, height = size
    picture = Drawing.new(mode, size, Colour.getcolor("blue", mode))
    picture.paste(Colour.getcolor("red", mode), (0, 0, width // 2, height))
    out = BytesIO()
    picture.save(out, form, **options)
    return ContentFile(out.getvalue(), name=f"drawing.{form.lower()}")


def make_pdf(catalog=b"", objects=b"", name="paper.pdf") -> ContentFile:
    """A PDF without a page, whole; with more in its catalog, or more objects."""
    head = b"%PDF-1.5\n1 0 obj\n<< /Type /Catalog " + catalog + b" >>\nendobj\n" + objects
    table = b"xref\n0 1\n0000000000 65535 f \ntrailer\n<< /Root 1 0 R /Size 2 >>\nstartxref\n%d\n%%%%EOF\n" % len(head)
    return ContentFile(head + table, name)


def make_image(size=(1600, 900), renditions=True, form="JPEG", **fields):
    """A picture with all its renditions, or none; whoever saves one in a transaction has to ask for them."""
    image = Image.objects.create(**{"file": make_drawing(size, form), "alt_en": "A river", "alt_es": "Un río"} | fields)
    if renditions:
        image.make_renditions()
    return image
