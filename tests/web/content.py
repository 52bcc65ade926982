"""What the checked site holds: the demonstration, and what is harder to draw than anything in it."""

import os
from datetime import UTC, datetime

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.web.settings")
django.setup()

from django.contrib.auth import get_user_model  # noqa: E402
from django.core.files.base import ContentFile  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.utils import timezone  # noqa: E402

from publications.models import Publication  # noqa: E402
from research_hub.demonstration.load import load_demonstration, make_image  # noqa: E402
from research_hub.demonstration.pictures import paper  # noqa: E402
from research_hub.editorial.preview import preview  # noqa: E402
from research_hub.importing.apply import Planning  # noqa: E402
from research_hub.importing.models import Batch  # noqa: E402
from research_hub.importing.records import Record  # noqa: E402
from tests.factories import make_author, make_event, make_publication, make_series, make_topic  # noqa: E402

PROSE = """
<h2>{heading}</h2>
<p>{words} <a href="https://example.org/{long}">{heading}</a>, <strong>{heading}</strong>, <em>{heading}</em>.</p>
<ul><li>{words}</li><li>{words}</li></ul>
<h3>{heading}</h3>
<ol><li>{words}</li></ol>
<blockquote><p>{words}</p></blockquote>
<table><tbody><tr><th>{heading}</th><th>2023</th><th>2024</th><th>2025</th><th>2026</th></tr>
<tr><td>{words}</td><td>1,048,576</td><td>2,097,152</td><td>4,194,304</td><td>8,388,608</td></tr></tbody></table>
"""
LONG = "a-word-that-no-line-can-hold-" * 8
WORDS = {
    "en": {"heading": "What was counted", "words": "Every case of the register was read twice, by two readers."},
    "es": {"heading": "Lo que se contó", "words": "Cada caso del registro fue leído dos veces, por dos lectores."},
}


def prose(language: str) -> str:
    return PROSE.format(long=LONG, **WORDS[language])


def everything_at_once() -> None:
    """A publication, an event, a topic and an author with all that a page can show, and words too long for a line."""
    topic = make_topic(
        "Wastewater-Epidemiology-and-Antimicrobial-Resistance", "Epidemiología-de-aguas-residuales-y-resistencias",
        intro_en=prose("en"), intro_es="", slug_en="everything", slug_es="todo", image=make_image("everything"),
    )  # fmt: skip
    people = [make_author(f"María de los Ángeles Fernández-Villaverde {number}") for number in range(1, 13)]
    people[0].slug, people[0].bio_en, people[0].photo = "everything", prose("en"), make_image("portrait")
    people[0].save()
    series = make_series("Everything", slug_en="everything", slug_es="todo", description_en=prose("en"))
    report = make_publication(
        f"Everything at Once: {LONG}", title_es="Todo a la vez", slug_en="everything", slug_es="todo",
        subtitle_en="With a subtitle", summary_es="Un resumen.", body_en=prose("en"), body_es=prose("es"),
        topics=[topic], authors=people, series=series, number="7", cover=make_image("cover"), published=False,
        doi="10.1234/everything.2024.7", isbn="9780306406157",
    )  # fmt: skip
    talk = {"label_en": "A talk", "transcript_en": "Words."}
    report.media.create(kind="video", url=f"https://media.example.org/{LONG}", **talk)
    for language in ("en", "es"):
        report.downloads.create(file=paper("Everything", 2), language=language, label_en="Report", pages=2)
    report.publish(by=publisher())
    report.related.set(Publication.objects.published().newest_first()[:3])
    make_event(
        f"Everything at Once: {LONG}", title_es="Todo a la vez", slug_en="everything", slug_es="todo",
        body_en=prose("en"), summary_es="Un resumen.", body_es=prose("es"), topics=[topic], speakers=people,
        media=["audio"], venue_en="Great Hall", city="Madrid", country="ES", state="postponed",
        starts_at=datetime(2031, 3, 1, 18, tzinfo=UTC), registration_url=f"https://example.org/{LONG}",
    ).publications.add(report)  # fmt: skip


def of_one_language() -> None:
    """Entries whose pages are shown in the language that they are not in."""
    make_publication("Only in English", slug_en="only-english", body_en=prose("en"), date="")
    spanish = {"title_es": "Solo en español", "summary_es": "Un resumen.", "slug_es": "solo-espanol"}
    make_publication("", **spanish, body_es=prose("es"), source_language="es", date="2020-02")
    make_event("", **spanish, body_es=prose("es"), source_language="es", starts_at=timezone.now())


def doubles() -> None:
    """Two authors who are likely to be one, and differ in what is said of them."""
    for pk, name in ((901, "Ana García Ruiz"), (902, "García Ruiz, Ana")):
        make_author(name, pk=pk, bio_en=prose("en"), bio_es=name, slug=f"double-{pk}")


def imports() -> None:
    """A file that is planned, with what had better be looked at and what is refused; a table that is not read yet."""
    told = [
        Record("1", "record 1", title={"en": "The Price of Water"}, date="2017-02", type="report", topics=["H2O"]),
        Record("2", "record 2", title={"en": "THE PRICE OF BREAD"}, date="about 1017", type="report"),
        Record("3", "record 3"),
    ]
    by = {"source": "old-site", "made_by": publisher()}
    Planning(Batch.objects.create(file="old.jsonl", **by), lambda: iter(told)).run()
    table = ContentFile("Rótulo;Fecha;Notas internas\nAgua y precio;2017;no\n", "old.csv")
    Batch.objects.create(file="old.csv", upload=table, format="table", **by)


def publisher():
    return get_user_model().objects.get(username="publisher")


def fill() -> None:
    load_demonstration()
    everything_at_once()
    of_one_language()
    spanish = {"title_es": "Retirado", "summary_es": "Nada.", "slug_es": "retirado"}
    gone = make_publication("Withdrawn", slug_en="withdrawn", **spanish)
    gone.withdraw(by=publisher(), reason_en="A table was wrong.")
    make_topic("Empty", "Vacío", slug_en="empty", slug_es="vacio")
    doubles()
    imports()
    preview(Publication.objects.get(slug_en="everything"), by=publisher())


if __name__ == "__main__":
    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    fill()
