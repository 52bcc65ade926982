"""What was put right after readers had met it: dated, in both languages, newest first."""

from datetime import date

import pytest
from pytest_django.asserts import assertContains, assertNotContains

from events.models import EventCorrection
from publications.models import PublicationCorrection
from research_hub.editorial.compare import compare
from research_hub.editorial.models import Revision
from research_hub.editorial.versions import apply, snapshot
from tests.admin.cast import address, form_at, press, row
from tests.factories import make_author, make_event, make_publication, make_topic, make_user, publish
from tests.pages import soup, words
from tests.translation.desk import send

from .test_metadata import things

pytestmark = pytest.mark.django_db

FIRST, LAST = date(2026, 3, 6), date(2026, 6, 3)


@pytest.fixture
def report():
    report = make_publication(
        "Rivers", title_es="Ríos", summary_es="S.", topics=[make_topic()], authors=[make_author()]
    )
    twice = {"note_en": "Table 1 counted twice.", "note_es": "La tabla 1 sumaba doble."}
    report.corrections.create(corrected_on=FIRST, position=1, **twice)
    report.corrections.create(corrected_on=LAST, position=2, note_en="Figure 2 was redrawn.")
    return report


def page(client, entry, language="en"):
    return soup(client.get(entry.get_absolute_url(language)))


def corrections(client, entry, language="en"):
    rows = page(client, entry, language).select(".corrections dl > div")
    return [(words(row.dt), words(row.dd), row.dd.get("lang", ""), words(row.select_one(".badge"))) for row in rows]


def test_they_stand_on_the_page_newest_first_in_its_language(client, report):
    assert corrections(client, report) == [
        ("June 3, 2026", "Figure 2 was redrawn.", "", ""),
        ("March 6, 2026", "Table 1 counted twice.", "", ""),
    ]
    assert corrections(client, report, "es") == [
        ("3 de junio de 2026", "Figure 2 was redrawn.", "en", "En inglés"),
        ("6 de marzo de 2026", "La tabla 1 sumaba doble.", "", ""),
    ]


@pytest.mark.parametrize(
    ("language", "said"), [("en", "Corrected June 3, 2026"), ("es", "Corregido el 3 de junio de 2026")]
)
def test_the_line_with_the_date_says_when_it_was_last_corrected_and_leads_there(client, report, language, said):
    shown = page(client, report, language)
    link = shown.select_one("header .when a:not(.type)")
    assert words(link) == said
    assert link.time["datetime"] == "2026-06-03"
    assert shown.select_one(link["href"]).parent["class"] == ["corrections"]


@pytest.mark.parametrize("make", [make_publication, make_event])
def test_without_one_nothing_is_said(client, make):
    shown = page(client, make())
    assert not shown.select(".corrections") and not shown.select("header .when a:not(.type)")


def test_an_event_has_them_too(client):
    event = make_event()
    EventCorrection.objects.create(event=event, corrected_on=LAST, note_en="It began at six.")
    assert corrections(client, event) == [("June 3, 2026", "It began at six.", "", "")]


def test_machines_read_them(client, report):
    work = things(page(client, report, "es"))["Report"]
    assert work["dateModified"] == "2026-06-03"
    assert work["correction"] == [
        {
            "@type": "CorrectionComment",
            "text": "Figure 2 was redrawn.",
            "datePublished": "2026-06-03",
            "inLanguage": "en",
        },
        {
            "@type": "CorrectionComment",
            "text": "La tabla 1 sumaba doble.",
            "datePublished": "2026-03-06",
            "inLanguage": "es",
        },
    ]
    assert "correction" not in things(page(client, make_publication("Plain")))["Report"]


def test_a_note_is_text_and_never_markup(client, report):
    report.corrections.create(corrected_on=LAST, note_en="</script><script>alert(1)</script>")
    assertNotContains(client.get(report.get_absolute_url()), "<script>alert")


# In the admin


@pytest.mark.parametrize("language", ["en", "es"])
def test_an_editor_adds_one_in_the_working_copy_and_readers_see_it_once_it_is_published(client, report, language):
    client.force_login(make_user("editor"))
    typed = row(
        "corrections", 2, corrected_on="2026-07-01", note_en="The map is whole.", note_es="El mapa está entero."
    )
    assert press(client, address(report, language), **add_row(client, report, typed)).status_code == 302
    report.refresh_from_db()
    assert report.corrections.count() == 2
    assertNotContains(client.get(report.get_absolute_url()), "The map is whole.")

    publish(report.working_copy)
    assert corrections(client, report)[0][:2] == ("July 1, 2026", "The map is whole.")
    assert corrections(client, report, "es")[0][:2] == ("1 de julio de 2026", "El mapa está entero.")


def add_row(client, entry, typed):
    """What is sent where a script has added an empty row."""
    total = int(form_at(client, address(entry))["corrections-TOTAL_FORMS"][0])
    return typed | {"corrections-TOTAL_FORMS": total + 1, "corrections-2-publication": entry.pk}


@pytest.mark.parametrize(
    ("typed", "error"),
    [
        ({"corrected_on": "2026-07-01"}, "Say what was corrected, in at least one language."),
        ({"corrected_on": "2126-07-01", "note_en": "N."}, "A correction is dated on the day it was made, not later."),
        ({"note_es": "N."}, "This field is required."),
    ],
)
def test_one_without_words_or_day_or_from_the_future_is_refused(client, report, typed, error):
    client.force_login(make_user("editor"))
    answer = press(client, address(report), **add_row(client, report, row("corrections", 2, **typed)))
    assertContains(answer, error)
    assert report.corrections.count() == 2 and not Revision.objects.exists()


def test_a_translator_and_an_author_without_the_entry_may_not(client, report):
    for role in ("translator", "author"):
        client.force_login(make_user(role))
        sent = {"corrections-0-note_en": "Changed.", "_save": "1"}
        assert client.post(address(report), sent).status_code == 403
    assert "Changed." not in PublicationCorrection.objects.values_list("note_en", flat=True)


# Versions


def test_versions_hold_them_and_the_comparison_reads_them_out(report):
    old = snapshot(report)
    assert [row["note_es"] for row in old["rows"]["corrections"]] == ["La tabla 1 sumaba doble.", None]
    report.corrections.filter(corrected_on=LAST).delete()
    report.corrections.filter(corrected_on=FIRST).update(note_en="Table 1 counted thrice.")
    said = {change.name: [tuple(piece) for piece in change.pieces] for change in compare(old, snapshot(report))}
    assert said["corrections"] == [("del", "June 3, 2026")]
    assert ("ins", "thrice.") in [(kind, words.strip()) for kind, words in said["corrections.note_en"]]

    apply(old, report)
    assert snapshot(report) == old


def test_the_page_of_a_withdrawn_entry_says_nothing_of_them(client, report):
    report.withdraw(by=make_user())
    assertNotContains(client.get(report.get_absolute_url()), "redrawn", status_code=410)


# The line with the date says apart when it was translated


def since(client, entry, language):
    return words(page(client, entry, language).select_one("header .when"))


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_translation_says_when_it_was_made_and_the_original_does_not(client, time_machine, language):
    report = make_publication("Rivers", topics=[make_topic()], authors=[make_author()], summary_es="")
    time_machine.move_to("2026-05-04T18:00:00+00:00", tick=False)
    client.force_login(make_user("translator"))
    send(client, report, "save", language, title="Ríos", summary="Qué dice.")
    send(client, report, "submit", language)
    time_machine.move_to("2026-05-06T18:00:00+00:00", tick=False)
    client.force_login(make_user("translator"))
    send(client, report, "approve", language)
    report.refresh_from_db()
    assert "Traducido el 6 de mayo de 2026" in since(client, report, "es")
    assert "Translated" not in since(client, report, "en")
    report.corrections.create(corrected_on=LAST, note_en="N.")
    time_machine.move_to("2026-06-03T18:00:00+00:00", tick=False)
    report.publish(by=make_user())
    assert since(client, report, "es").endswith("Traducido el 6 de mayo de 2026 Corregido el 3 de junio de 2026")


def test_a_translation_of_which_nobody_knows_when_says_nothing(client, report):
    assert "Traducido" not in since(client, report, "es")


def test_what_was_translated_for_the_next_version_dates_nothing_yet(client, report, time_machine):
    time_machine.move_to("2026-07-04T18:00:00+00:00", tick=False)
    client.force_login(make_user("editor"))
    assert press(client, address(report), title_es="Los ríos").status_code == 302
    assert "Traducido" not in since(client, report, "es")
    report.refresh_from_db()
    publish(report.working_copy)
    report.refresh_from_db()
    assert "Traducido el 4 de julio de 2026" in since(client, report, "es")
