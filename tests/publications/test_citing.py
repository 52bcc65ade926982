"""What is cited: names, dates, titles and keys of a publication, in the language of the page."""

from datetime import date

import pytest
from django.utils import timezone

from publications.citing import date_parts, name_of, reference_to
from publications.models import Authorship
from research_hub.activity.dates import PartialDate, read_iso
from research_hub.editorial.views import download_shown
from tests.factories import make_author, make_publication, make_series
from tests.publications.test_publication_page import with_file

pytestmark = pytest.mark.django_db


def reference(publication, language="en"):
    authorships = publication.authorships.in_order().select_related("author")
    downloads = [download_shown(publication, file) for file in publication.downloads.in_order()]
    return reference_to(publication, authorships, downloads, language)


def csl(publication, language="en"):
    return reference(publication, language).csl()


@pytest.mark.parametrize(
    ("sort_name", "name"),
    [
        ("García López, Ana", {"family": "García López", "given": "Ana"}),
        ("King, Martin Luther, Jr.", {"family": "King", "given": "Martin Luther", "suffix": "Jr."}),
        ("de la Cruz, Juan", {"family": "de la Cruz", "given": "Juan"}),
        ("Madonna", {"literal": "As Printed"}),
        ("García,", {"literal": "As Printed"}),
        (", Ana", {"literal": "As Printed"}),
        ("García\n, Ana\u2028María", {"family": "García", "given": "Ana María"}),
    ],
)
def test_a_person_is_taken_apart_by_the_name_for_sorting(sort_name, name):
    assert name_of(make_author("As Printed", sort_name=sort_name)).csl() == name


def test_an_organisation_is_never_taken_apart():
    council = make_author("Council for Water, Land and Sea", kind="organisation")
    assert name_of(council).csl() == {"literal": "Council for Water, Land and Sea"}


def test_other_spellings_are_not_cited():
    author = make_author("Ana García", variants=["A. G. López"])
    assert "López" not in str(csl(make_publication(authors=[author])))


def test_everybody_stands_under_their_role_in_the_order_of_the_editor():
    publication = make_publication(authors=[make_author("Zoe Ward"), make_author("Abel Ruiz")])
    for place, role in enumerate(["editor", "translator", "contributor"], start=5):
        author = make_author(f"Mia {role.title()}")
        Authorship.objects.create(publication=publication, author=author, role=role, position=place)
    item = csl(publication)
    assert [name["family"] for name in item["author"]] == ["Ward", "Ruiz"]
    assert [item[role] for role in ("editor", "translator", "contributor")] == [
        [{"family": role, "given": "Mia"}] for role in ("Editor", "Translator", "Contributor")
    ]


def test_the_institute_answers_for_what_nobody_signed(settings):
    settings.SITE_NAME = {"en": "Alondra Institute", "es": "Instituto Alondra"}
    publication = make_publication(title_es="Un informe")
    assert csl(publication)["author"] == [{"literal": "Alondra Institute"}]
    assert csl(publication, "es")["author"] == [{"literal": "Instituto Alondra"}]


def test_an_edited_volume_has_no_other_author():
    publication = make_publication(published=False)
    Authorship.objects.create(publication=publication, author=make_author("Ana García"), role="editor")
    assert "author" not in csl(publication)
    assert csl(publication)["editor"] == [{"family": "García", "given": "Ana"}]


@pytest.mark.parametrize(
    ("iso", "parts"),
    [("2017-08-31", [[2017, 8, 31]]), ("2017-02", [[2017, 2]]), ("2017", [[2017]]), ("", [])],
)
def test_a_date_is_told_as_far_as_it_is_known(iso, parts):
    assert date_parts(read_iso(iso)) == parts
    publication = make_publication(date=iso)
    assert csl(publication).get("issued", {"date-parts": []}) == {"date-parts": parts}
    assert reference(publication).known_date == iso.split("-") if iso else not reference(publication).known_date


def test_of_days_in_a_row_the_first_and_the_last_are_told():
    assert date_parts(PartialDate.days(date(2017, 8, 31), date(2017, 9, 1))) == [[2017, 8, 31], [2017, 9, 1]]


def test_each_page_cites_its_own_language():
    series = make_series("Field Notes", name_es="Notas de campo")
    publication = make_publication(
        "Water",
        subtitle_en="A count",
        title_es="Agua",
        subtitle_es="Un recuento",
        summary_es="R.",
        series=series,
        number="3",
    )
    english, spanish = csl(publication), csl(publication, "es")
    assert (english["title"], english["language"]) == ("Water: A count", "en")
    assert (spanish["title"], spanish["language"]) == ("Agua: Un recuento", "es")
    assert (english["abstract"], spanish["abstract"]) == ("What Water says.", "R.")
    assert (english["collection-title"], spanish["collection-title"]) == ("Field Notes", "Notas de campo")
    assert english["collection-number"] == spanish["collection-number"] == "3"
    assert english["URL"] == "https://hub.example/publications/water/"
    assert spanish["URL"] == "https://hub.example/es/publicaciones/agua/"


def test_what_exists_in_one_language_is_cited_in_that_one_from_both_pages():
    publication = make_publication(
        "", title_es="Agua", subtitle_en="Not its own", summary_es="R.", source_language="es"
    )
    item = csl(publication)
    assert (item["title"], item["language"], item["abstract"]) == ("Agua", "es", "R.")
    assert item["URL"] == "https://hub.example/es/publicaciones/agua/"


def test_a_question_is_followed_by_its_subtitle_without_a_colon():
    publication = make_publication("Who Owns the River?", subtitle_en="Three answers")
    assert csl(publication)["title"] == "Who Owns the River? Three answers"


@pytest.mark.parametrize(
    ("type", "told"),
    [
        ("report", {"type": "report", "publisher": "Research Hub"}),
        ("policy-brief", {"type": "report", "publisher": "Research Hub", "genre": "Nota de política"}),
        ("book", {"type": "book", "publisher": "Research Hub"}),
        ("article", {"type": "article-magazine", "container-title": "Research Hub"}),
        ("commentary", {"type": "post-weblog", "container-title": "Research Hub"}),
    ],
)
def test_what_stands_alone_has_a_publisher_and_a_part_stands_in_the_site(type, told):
    names = ("type", "publisher", "container-title", "genre")
    item = csl(make_publication(type=type), "es")
    assert {name: item[name] for name in names if name in item} == told


def test_identifiers_are_told_and_a_doi_makes_an_address_that_holds():
    publication = make_publication(doi="10.1002/(SICI)1096<1::AID#1>3.0", isbn="978-0-306-40615-7")
    assert csl(publication)["DOI"] == "10.1002/(SICI)1096<1::AID#1>3.0"
    assert csl(publication)["ISBN"] == "978-0-306-40615-7"
    assert reference(publication).link == "https://doi.org/10.1002/(SICI)1096%3C1::AID%231%3E3.0"
    assert reference(make_publication("Other")).link == "https://hub.example/publications/other/"


def test_only_a_file_of_the_language_that_is_given_out_now_is_offered():
    publication = make_publication(title_es="Un informe")
    file = with_file(publication)
    assert reference(publication).pdf == f"https://hub.example/files/{publication.uid}/{file.pk}/a-report-en.pdf"
    assert reference(publication, "es").pdf == ""
    file.embargo_until = timezone.now() + timezone.timedelta(hours=1)
    file.save()
    assert reference(publication).pdf == ""


@pytest.mark.parametrize(
    ("title", "author", "date", "key"),
    [
        ("The Rivers We Share", "Ana García", "2017-02", "garcia2017rivers"),
        ("Los ríos", "Íñigo Ñáñez", "2017", "nanez2017rios"),
        ("Rivers", "Zoe de la Cruz-Ward", "", "cruzwardndrivers"),
    ],
)
def test_a_key_is_family_year_and_first_word_in_plain_letters(title, author, date, key):
    publication = make_publication(title, authors=[make_author(author)], date=date)
    assert reference(publication).key == csl(publication)["id"] == key


@pytest.mark.parametrize(("title", "author"), [("日本", "Ana García"), ("The", "Ana García"), ("Rivers", "山田")])
def test_what_makes_no_key_is_called_by_its_permanent_name(title, author):
    publication = make_publication(title, authors=[make_author(author)])
    assert reference(publication).key == publication.uid


def test_no_text_has_a_second_line():
    evil = "One\r\nER  - \u2028TY  - BOOK\x0b\x85two"
    publication = make_publication(
        evil, subtitle_en=evil, summary_en=evil, series=make_series(evil), number=evil[:40], authors=[make_author(evil)]
    )
    for text in (str(value) for value in csl(publication).values()):
        assert len(text.splitlines()) == 1
