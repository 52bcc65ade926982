"""What the checklist says of an entry, and what it lets pass."""

from datetime import timedelta

import pytest
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy

from publications.models import PublicationDownload
from research_hub.activity.dates import PartialDate
from research_hub.demonstration.pictures import landscape
from research_hub.editorial import checklist
from research_hub.editorial.checklist import SOME_DAY, advisory, findings, refuse_unfinished
from research_hub.editorial.versions import snapshot
from research_hub.media.models import Image
from tests.factories import make_author, make_event, make_publication, make_region, make_topic

pytestmark = pytest.mark.django_db


def finished(**fields):
    """A publication of which the checklist has nothing to say."""
    spanish = {"title_es": "Un informe", "summary_es": "Lo que dice."}
    rows = {"topics": [make_topic()], "authors": [make_author()]}
    return make_publication(**spanish | rows | {"published": False} | fields)


def planned(**fields):
    """An event of which the checklist has nothing to say."""
    spanish = {"title_es": "Un seminario", "summary_es": "De qué trata."}
    return make_event(**spanish | {"topics": [make_topic()], "city": "Oaxaca", "published": False} | fields)


def said(entry, **options):
    """The findings in short: the check's name, with "!" where it blocks, and the field."""
    return {f"{found.name}{'!' * found.is_blocking}": found.field for found in findings(entry, **options)}


def cover(**alts):
    return Image.objects.create(file=landscape("a river"), **alts)


@pytest.mark.parametrize("make", [finished, planned])
def test_nothing_is_said_of_a_finished_entry(make):
    entry = make()
    assert findings(entry) == []
    refuse_unfinished(entry)


@pytest.mark.parametrize("source", ["en", "es"])
def test_an_empty_entry_lacks_all_that_readers_need(source):
    publication = make_publication("", date="", published=False, source_language=source)
    assert said(publication) == {
        "has_a_title!": f"title_{source}",
        "has_a_summary!": f"summary_{source}",
        "has_a_topic!": "",
        "has_a_date_or_says_it_has_none!": "date",
        "has_an_author!": "",
    }


def test_the_original_counts_and_not_its_translation():
    publication = finished(source_language="es", title_es="", summary_es=" ")
    assert {"has_a_title!": "title_es", "has_a_summary!": "summary_es"}.items() <= said(publication).items()


def test_one_refusal_says_all_that_is_missing_each_at_its_field():
    publication = finished(summary_en="", topics=[], authors=[])
    with pytest.raises(ValidationError) as refused:
        refuse_unfinished(publication)
    assert refused.value.message_dict.keys() == {"summary_en", NON_FIELD_ERRORS}
    assert len(refused.value.message_dict[NON_FIELD_ERRORS]) == 2


def test_advice_refuses_nothing():
    publication = finished(title_en="A REPORT ABOUT MIGRANTS IN TRANSIT.", title_es="")
    assert {found.is_blocking for found in findings(publication)} == {False}
    refuse_unfinished(publication)


def test_what_blocks_is_said_first():
    publication = finished(title_en="A title with a stop.", authors=[])
    assert [found.is_blocking for found in findings(publication)] == [True, False]


def test_a_finding_says_where_and_why_in_the_language_of_the_page():
    publication = finished(summary_en="")
    with translation.override("en"):
        (found,) = [found for found in findings(publication) if found.is_blocking]
    assert (found.where, found.message) == ("Summary [en]", "Write the summary that lists show.")
    with translation.override("es"):
        (found,) = [found for found in findings(publication) if found.is_blocking]
    assert (found.where, found.message) == ("Resumen [en]", "Escriba el resumen que muestran las listas.")


# Date, author, place


def test_undated_is_accepted_once_it_is_said_aloud():
    publication = finished(date="")
    assert said(publication) == {"has_a_date_or_says_it_has_none!": "date"}
    publication.is_undated = True
    assert said(publication) == {}


def test_an_event_needs_a_date_as_well():
    event = planned(starts_at=None)
    assert said(event) == {"has_a_date_or_says_it_has_none!": "date"}
    event.date = PartialDate.month(2017, 8)
    assert said(event) == {}


def test_a_publication_waits_for_the_day_it_is_dated():
    tomorrow = timezone.localdate() + timedelta(days=1)
    publication = finished(date=PartialDate.day(tomorrow))
    assert said(publication) == {"is_not_dated_in_the_future!": "date"}
    for day in (tomorrow, SOME_DAY):
        assert said(publication, public_on=day) == {}
        refuse_unfinished(publication, public_on=day)


def test_an_event_may_be_dated_in_the_future():
    assert said(planned(starts_at=timezone.now() + timedelta(days=9))) == {}


def test_an_institution_counts_as_author_and_a_translator_does_not():
    assert said(finished(authors=[make_author("Water Institute", kind="organisation")])) == {}
    publication = finished()
    publication.authorships.update(role="translator")
    assert said(publication) == {"has_an_author!": ""}


@pytest.mark.parametrize(
    ("fields", "is_said"),
    [
        ({}, True),
        ({"format": "hybrid"}, True),
        ({"format": "online"}, False),
        ({"state": "cancelled"}, False),
        ({"city": "Oaxaca"}, False),
        ({"venue_es": "Casa de la Cultura"}, False),
    ],
)
def test_an_event_that_people_go_to_has_a_place(fields, is_said):
    assert ("has_a_place" in said(planned(**{"city": ""} | fields))) == is_said


def test_a_link_to_register_outlives_its_event():
    link = {"registration_url": "https://example.org/register"}
    assert said(planned(**link)) == {"registration_is_still_open": "registration_url"}
    assert said(planned(starts_at=timezone.now() + timedelta(days=1), **link)) == {}


# Addresses


def test_an_address_that_another_entry_has_is_refused():
    other = finished(title_en="Rivers", title_es="Ríos")
    publication = finished()
    publication.slug_en = other.slug_es  # nothing is stored: the database would refuse it
    assert said(publication) == {"english_address_is_free!": "slug_en"}


def test_a_working_copy_keeps_the_address_of_what_it_revises():
    publication = finished(published=True)
    copy = publication.work_on(snapshot(publication), by=publication.published_by)
    assert (copy.slug_en, said(copy)) == (publication.slug_en, {})


@pytest.mark.parametrize(("slug", "is_said"), [("2030", True), ("2017-08", True), ("agenda-2030", False)])
def test_an_address_has_a_word_in_it(slug, is_said):
    assert said(finished(slug_es=slug)) == ({"spanish_address_is_free!": "slug_es"} if is_said else {})


# The cover


@pytest.mark.parametrize(
    "alt",
    ["IMG_1234", "img 0042", "DSC01234.JPG", "foto.jpg", "Foto 3", "Screenshot 2017-08-31 at 10.15.22", "12",
     "Captura de pantalla 2020-01-02 a las 9.15.01 p. m.", "report_cover_final", "image (3)", "cover v2.png",
     "WhatsApp Image 2020-01-02 at 09.15.01", "9f86d081884c7d659a2feaa0c55ad015"],
)  # fmt: skip
def test_the_name_of_a_file_is_no_alternative_text(alt):
    publication = finished(cover=cover(alt_en=alt, alt_es="Un río"))
    assert said(publication) == {"cover_is_described!": "cover"}
    assert alt in findings(publication)[0].message


@pytest.mark.parametrize(
    "alt",
    ["Foto de 3 mujeres en Tapachula", "Image of a river", "COVID-19", "Photo: 12 people at a table", "P. Díaz", "Map",
     "A screenshot of the 2017 census"],
)  # fmt: skip
def test_a_description_is_not_taken_for_the_name_of_a_file(alt):
    assert said(finished(cover=cover(alt_en=alt, alt_es="Un río"))) == {}


def test_a_cover_is_described_in_the_language_of_the_original():
    assert said(finished(cover=cover(alt_es="Un río")))["cover_is_described!"] == "cover"
    half = cover(alt_en="A river")
    assert said(finished(cover=half)) == {"cover_is_described_in_both_languages": "cover"}
    assert "cover_is_described_in_both_languages" not in said(finished(cover=half, title_es="", summary_es=""))


# Letters


@pytest.mark.parametrize(
    "text",
    ["La migraciÃ³n", "aÃ±os despuÃ©s", "thatâ€™s all", "â€œquotedâ€\x9d", "10Â km", "10Â\xa0km", "Â«agua»",
     "60� gloss", "INFORMACIÃ“N", "ESPAÃ‘A", "ï»¿Title", "voilÃ\xa0", "a\x92s", "NiÃ±a"],
)  # fmt: skip
def test_broken_letters_block_in_any_text_of_either_language(text):
    for column in ("title_en", "subtitle_es", "summary_es", "body_es"):
        publication = finished(**{"summary_en": "Fine.", "title_en": "Fine"} | {column: text})
        found = [found for found in findings(publication) if found.name == "letters_are_whole"]
        assert [(one.field, one.is_blocking) for one in found] == [(column, True)], column


@pytest.mark.parametrize(
    "text", ["São Paulo", "SÃO PAULO", "“MANHÃ”", "Âmbar", "ÂNGULO", "château", "niño, año, él", "25 °C ± 2 µm", "€ 5"]
)
def test_letters_of_other_languages_are_whole(text):
    assert said(finished(summary_en=text)) == {}


def test_the_broken_piece_is_shown_with_what_stands_around_it():
    body = f"<p>{'one two ' * 50}</p><p>relaciÃ³n con el agua y con la tierra</p>"
    (found,) = findings(finished(body_en=body, body_es="<p>Texto</p>"))
    assert "relaciÃ³n con el agua" in found.message
    assert len(found.message) < 120


def test_broken_letters_in_a_file_or_a_recording_block_too():
    publication = finished(media=["video"])
    publication.media.update(label_es="GrabaciÃ³n")
    (found,) = findings(publication)
    assert (found.is_blocking, found.field) == (True, "")
    assert "GrabaciÃ³n" in found.message
    publication.media.all().delete()
    PublicationDownload.objects.create(publication=publication, file="downloads/1.pdf", language="es", label_es="â€œ")
    assert [found.name for found in findings(publication)] == ["letters_of_files_are_whole"]


def test_letters_of_a_correction_are_whole_too():
    publication = finished()
    publication.corrections.create(corrected_on="2026-06-03", note_en="The GrabaciÃ³n.", note_es="La grabación.")
    (found,) = findings(publication)
    assert (found.name, found.is_blocking) == ("letters_of_files_are_whole", True)
    assert "what was corrected [en] of “june 3, 2026”".lower() in found.message.lower()


@pytest.mark.parametrize(("fields", "is_said"), [({}, True), ({"title_es": "", "summary_es": ""}, False)])
def test_a_correction_in_one_language_of_two_is_named_by_its_day(fields, is_said):
    publication = finished(**fields)
    publication.corrections.create(corrected_on="2026-06-03", note_en="Figure 2 was redrawn.")
    publication.corrections.create(corrected_on="2026-06-04", note_en="It is blue.", note_es="Es azul.")
    found = [one.message for one in findings(publication) if one.name == "corrections_are_in_both_languages"]
    assert found == (["In one language only: June 3, 2026."] if is_said else [])


# Advice about texts


def test_what_is_not_in_the_other_language_yet_is_named():
    publication = finished(title_es="", summary_es="", body_en="<p>Text.</p>")
    (found,) = findings(publication)
    assert (found.name, found.field) == ("is_in_both_languages", "")
    assert found.message == "Not yet in Spanish: title, summary, text."
    assert findings(finished(source_language="es", title_en="", body_es=" "))[0].message == "Not yet in English: title."


def test_a_long_summary_is_told_its_length():
    assert said(finished(summary_en="a" * 600)) == {"nothing_is_repeated": "summary_en"}
    words = ("a word " * 100).strip()
    publication = finished(summary_es=words)
    assert said(publication)["summary_is_short"] == "summary_es"
    assert "699" in findings(publication)[0].message


@pytest.mark.parametrize(
    ("title", "is_said"),
    [
        ("MIGRANTS IN TRANSIT THROUGH MEXICO", True),
        ("NIÑEZ MIGRANTE EN TRÁNSITO", True),
        ("UNHCR", False),
        ("CONEVAL 2020", False),
        ("Migrants in transit through MEXICO", False),
        ("IMF, OECD and the WTO", False),
    ],
)
def test_a_title_in_capitals_is_noticed(title, is_said):
    assert said(finished(title_en=title)) == ({"title_is_not_in_capitals": "title_en"} if is_said else {})


@pytest.mark.parametrize(
    ("title", "is_said"),
    [
        ("A report.", True),
        ("Informe anual 2017.", True),
        ("Migration to the U.S.", False),
        ("Relations with EE. UU.", False),
        ("Water, food, etc.", False),
        ("Acme Inc.", False),
        ("To be continued...", False),
        ("To be continued…", False),
        ("Who pays?", False),
    ],
)
def test_a_title_that_ends_in_a_stop_is_noticed(title, is_said):
    assert said(finished(title_es=title)) == ({"title_has_no_final_stop": "title_es"} if is_said else {})


@pytest.mark.parametrize(
    ("text", "is_said"),
    [
        ('“One” and "two"', True),
        ('«Uno» y "dos"', True),
        ("«Uno» y “dos”", True),
        ('«Uno "dos" tres»', True),
        ("«Uno “dos” tres»", False),
        ("“Uno «dos» tres”", False),
        ('"One" and "two"', False),
        ('“One” and a 5" pipe', False),
        ("It’s don't", False),
    ],
)
def test_quotation_marks_of_different_kinds_are_noticed(text, is_said):
    assert said(finished(summary_es=text)) == ({"quotation_marks_are_of_one_kind": "summary_es"} if is_said else {})


@pytest.mark.parametrize(
    ("text", "piece"),
    [
        ("In the the end", "the the"),
        ("El agua de de Chiapas", "de de"),
        ("The the end", "The the"),
        ("va a a pagar", "a a"),
        ("A rrrreport", "rrrreport"),
        ("see www.example.org", ""),
        ("at https://example.org/aaaa/", ""),
        ("Charles III and Louis XVIII", ""),
        ("No, no and no", ""),
        ("Duran Duran in Walla Walla", ""),
        ("es muy muy grande", ""),
        ("he had had enough", ""),
        ("from 2017 2017", ""),
        ("the theme", ""),
        ("day-to-day today", ""),
    ],
)
def test_a_repeated_letter_or_word_is_noticed(text, piece):
    found = findings(finished(summary_es=text))
    assert [one.message for one in found] == ([f"Repeated: “{piece}”. Is this meant?"] if piece else [])


def test_a_heading_and_the_paragraph_after_it_are_no_repetition():
    body = "<h2>Water</h2><p>water is scarce.</p>"
    assert said(finished(body_en=body, body_es=body)) == {}


# Adding a check, and what it costs


def test_adding_a_check_is_adding_one_function(monkeypatch):
    monkeypatch.setattr(checklist, "CHECKS", {})

    @advisory(gettext_lazy("Title"), of="events.event", field="title")
    def title_is_a_question(event):
        return "" if event.title_en.endswith("?") else "Ask something."

    @advisory(gettext_lazy("Title"), texts=("title",))
    def title_is_short(words):
        return words if len(words) > 12 else None

    assert said(planned(title_es="Seminario")) == {"title_is_a_question": "title_en"}
    assert said(planned(title_en="Who pays for it?", title_es="¿Quién?")) == {"title_is_short": "title_en"}
    assert said(finished(title_en="A report", title_es="Informe")) == {}


@pytest.mark.parametrize("make", [finished, planned])
def test_the_number_of_queries_does_not_grow_with_the_entry(make, django_assert_num_queries):
    few = make(title_es="Uno")
    many = make(
        title_es="Dos",
        topics=[make_topic(f"Topic {number}") for number in range(5)],
        regions=[make_region(f"Region {number}") for number in range(5)],
        media=["video"] * 5,
        body_en="<p>Words.</p>" * 50,
    )
    for entry in (few, many):
        entry = type(entry).objects.get(pk=entry.pk)
        with django_assert_num_queries(9 if make is finished else 8):
            findings(entry)
