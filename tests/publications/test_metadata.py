"""What machines read in the head of a publication's and an author's page."""

import json

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone

from publications.models import Authorship
from research_hub.demonstration.pictures import landscape
from research_hub.editorial.preview import preview
from research_hub.media.models import Image
from tests.factories import make_author, make_publication, make_series, make_topic, make_user
from tests.pages import soup, words
from tests.publications.test_publication_page import with_file

pytestmark = pytest.mark.django_db


def page(client, record, language="en"):
    return soup(client.get(record.get_absolute_url(language)))


def tags(page, prefix: str) -> list[tuple[str, str]]:
    found = page.select(f"head meta[name^='{prefix}'], head meta[property^='{prefix}']")
    return [(tag.get("name") or tag["property"], tag["content"]) for tag in found]


def things(page) -> dict:
    """What the page is about, by sort."""
    documents = [json.loads(script.string) for script in page.select("head script[type='application/ld+json']")]
    assert {document["@context"] for document in documents} == {"https://schema.org"}
    return {thing["@type"]: thing for document in documents for thing in document["@graph"]}


@pytest.fixture
def report():
    publication = make_publication(
        "Rivers",
        subtitle_en="A count",
        title_es="Ríos",
        summary_es="Lo que dice.",
        type="policy-brief",
        date="2017-02",
        topics=[make_topic()],
        authors=[make_author("Ana García", orcid="0000-0002-1825-0097")],
        series=make_series("Field Notes"),
        number="3",
        doi="10.5555/hub.3",
        isbn="978-0-306-40615-7",
    )
    for place, (role, name) in enumerate([("editor", "Zoe Ward"), ("translator", "Abel Ruiz")], start=5):
        Authorship.objects.create(publication=publication, author=make_author(name), role=role, position=place)
    return publication


def test_scholar_and_zotero_read_a_report(client, report):
    file = with_file(report)
    assert tags(page(client, report), "citation_") == [
        ("citation_title", "Rivers: A count"),
        ("citation_author", "García, Ana"),
        ("citation_editor", "Ward, Zoe"),
        ("citation_publication_date", "2017/02"),
        ("citation_technical_report_institution", "Research Hub"),
        ("citation_technical_report_number", "3"),
        ("citation_series_title", "Field Notes"),
        ("citation_doi", "10.5555/hub.3"),
        ("citation_isbn", "978-0-306-40615-7"),
        ("citation_language", "en"),
        ("citation_public_url", "https://hub.example/publications/rivers/"),
        ("citation_pdf_url", f"https://hub.example/files/{report.uid}/{file.pk}/rivers-en.pdf"),
        ("citation_abstract", "What Rivers says."),
    ]


def test_dublin_core_says_the_same(client, report):
    assert tags(page(client, report, "es"), "DC.") == [
        ("DC.type", "Nota de política"),
        ("DC.title", "Ríos"),
        ("DC.creator", "García, Ana"),
        ("DC.contributor", "Ward, Zoe"),
        ("DC.contributor", "Ruiz, Abel"),
        ("DC.date", "2017-02"),
        ("DC.publisher", "Research Hub"),
        ("DC.language", "es"),
        ("DC.identifier", "https://doi.org/10.5555/hub.3"),
        ("DC.description", "Lo que dice."),
    ]


@pytest.mark.parametrize(("type", "sort"), [("commentary", "blogPost"), ("article", "magazineArticle")])
def test_zotero_learns_what_an_article_is_and_where_it_stands(client, type, sort):
    found = dict(tags(page(client, make_publication(type=type)), "DC."))
    assert (found["DC.type"], found["DC.source"]) == (sort, "Research Hub")


@pytest.mark.parametrize(("iso", "highwire"), [("2017-08-31", "2017/08/31"), ("2017", "2017"), ("", None)])
def test_a_date_is_no_more_precise_than_it_is_known(client, iso, highwire):
    found = page(client, make_publication(date=iso))
    assert dict(tags(found, "citation_")).get("citation_publication_date") == highwire
    assert dict(tags(found, "DC.")).get("DC.date") == things(found)["Report"].get("datePublished") == (iso or None)


def test_a_file_is_named_only_while_it_is_given_out_and_in_its_own_language(client, report):
    file = with_file(report)
    assert "citation_pdf_url" not in dict(tags(page(client, report, "es"), "citation_"))
    file.embargo_until = timezone.now() + timezone.timedelta(hours=1)
    file.save()
    report.save()
    found = page(client, report)
    assert "citation_pdf_url" not in dict(tags(found, "citation_"))
    assert "encoding" not in things(found)["Report"]


def test_a_link_to_it_shows_its_title_summary_and_cover(client, report):
    report.cover = Image.objects.create(file=landscape("x"), alt_en="Hills", alt_es="Colinas")
    report.save()
    found = dict(tags(page(client, report, "es"), "og:"))
    image = found.pop("og:image")
    assert image == f"https://hub.example{report.cover.file.url}"
    assert found == {
        "og:type": "article",
        "og:title": "Ríos",
        "og:description": "Lo que dice.",
        "og:url": "https://hub.example/es/publicaciones/rios/",
        "og:site_name": "Research Hub",
        "og:locale": "es_MX",
        "og:locale:alternate": "en_US",
        "og:image:alt": "Colinas",
        "og:image:width": str(report.cover.width),
        "og:image:height": str(report.cover.height),
    }


def test_a_book_is_shared_as_a_book(client):
    assert ("og:type", "book") in tags(page(client, make_publication(type="book")), "og:")


def test_the_work_is_told_in_the_words_of_schema_org(client, report):
    file = with_file(report)
    work = things(page(client, report))["Report"]
    assert [person["name"] for person in work["author"] + work["editor"] + work["translator"]] == [
        "Ana García", "Zoe Ward", "Abel Ruiz",
    ]  # fmt: skip
    assert work["author"][0] == {
        "@type": "Person",
        "@id": "https://hub.example/authors/ana-garcia/",
        "url": "https://hub.example/authors/ana-garcia/",
        "name": "Ana García",
        "sameAs": "https://orcid.org/0000-0002-1825-0097",
    }
    assert work["@id"] == work["url"] == "https://hub.example/publications/rivers/"
    assert (work["name"], work["inLanguage"], work["datePublished"]) == ("Rivers: A count", "en", "2017-02")
    assert (work["isPartOf"]["name"], work["position"]) == ("Field Notes", "3")
    assert work["identifier"] == ["https://doi.org/10.5555/hub.3", "urn:isbn:978-0-306-40615-7"]
    assert work["publisher"]["name"] == "Research Hub"
    assert work["about"] == [{"@type": "Thing", "name": "Water", "url": "https://hub.example/topics/water/"}]
    assert work["encoding"] == [
        {
            "@type": "MediaObject",
            "contentUrl": f"https://hub.example/files/{report.uid}/{file.pk}/rivers-en.pdf",
            "encodingFormat": "application/pdf",
            "inLanguage": "en",
        }
    ]


def test_what_nobody_signed_is_by_the_institute(client):
    work = things(page(client, make_publication()))["Report"]
    assert work["author"] == [work["publisher"]]
    assert work["publisher"]["@type"] == "Organization"


def test_an_affiliation_is_that_of_the_time(client):
    author = make_author("Ana García", affiliation="Universidad de Puebla")
    then, now = make_publication("Then"), make_publication("Now", authors=[author])
    Authorship.objects.create(publication=then, author=author, affiliation="Colegio de Oaxaca")
    for publication, name in ((then, "Colegio de Oaxaca"), (now, "Universidad de Puebla")):
        (person,) = things(page(client, publication))["Report"]["author"]
        assert person["affiliation"] == {"@type": "Organization", "name": name}


def test_original_and_translation_know_each_other(client, report):
    english, spanish = (f"https://hub.example/{path}/" for path in ("publications/rivers", "es/publicaciones/rios"))
    original = things(page(client, report))["Report"]
    translation = things(page(client, report, "es"))["Report"]
    assert original["workTranslation"] == {"@type": "Report", "@id": spanish, "url": spanish, "inLanguage": "es"}
    assert translation["translationOfWork"] == {"@type": "Report", "@id": english, "url": english, "inLanguage": "en"}
    assert "translationOfWork" not in original and "workTranslation" not in translation


def test_what_exists_in_one_language_says_so_on_both_pages_and_has_no_translation(client):
    publication = make_publication("", title_es="Ríos", summary_es="Resumen.", source_language="es")
    for language in ("en", "es"):
        found = page(client, publication, language)
        work = things(found)["Report"]
        assert (work["@id"], work["inLanguage"]) == ("https://hub.example/es/publicaciones/rios/", "es")
        assert "workTranslation" not in work and "translationOfWork" not in work
        assert ("citation_language", "es") in tags(found, "citation_")
        assert ("og:locale", "es_MX") in tags(found, "og:")


def test_the_way_from_home_leads_by_the_type(client, report):
    def crumbs(language):
        steps = things(page(client, report, language))["BreadcrumbList"]["itemListElement"]
        return [(step["position"], step["name"], step["item"].removeprefix("https://hub.example")) for step in steps]

    assert crumbs("en") == [
        (1, "Home", "/"),
        (2, "Publications", "/publications/"),
        (3, "Policy Briefs", "/publications/?type=policy-brief"),
        (4, "Rivers", "/publications/rivers/"),
    ]
    assert [path for _place, _name, path in crumbs("es")] == [
        "/es/",
        "/es/publicaciones/",
        "/es/publicaciones/?type=policy-brief",
        "/es/publicaciones/rios/",
    ]


def test_no_text_ends_the_script_or_a_tag(client):
    evil = '</script><script>alert(1)</script>"><b>&amp;'
    shelves = {"topics": [make_topic(evil)], "authors": [make_author(evil)], "series": make_series(evil)}
    publication = make_publication(evil, summary_en=evil, subtitle_en=evil, number=evil[:20], **shelves)
    response = client.get(publication.get_absolute_url())
    assert "<script>alert" not in response.content.decode()
    work = things(soup(response))["Report"]
    assert work["name"] == f"{evil}: {evil}"
    assert work["author"][0]["name"] == evil
    assert ("citation_title", f"{evil}: {evil}") in tags(soup(response), "citation_")


def test_the_page_offers_each_style_in_its_language(client, report):
    for language, button, heading in (
        ("en", "Copy in APA style", "Cite this"),
        ("es", "Copiar en estilo APA", "Cómo citar"),
    ):
        section = page(client, report, language).select_one("section.cite")
        assert words(section.h2) == heading
        assert [words(summary) for summary in section.select("summary")] == ["Chicago", "APA", "MLA"]
        assert len(section.select(".citation i")) == 3
        assert button in [words(button) for button in section.select("[hidden] button")]


def test_the_undated_says_the_day_of_the_reader(client, time_machine):
    time_machine.move_to("2024-06-03T18:00:00+00:00")
    publication = make_publication(date="")
    assert "Accessed June 3, 2024." in words(page(client, publication).select_one(".citation"))
    time_machine.move_to("2024-06-04T18:00:00+00:00")
    assert "Accessed June 4, 2024." in words(page(client, publication).select_one(".citation"))


def test_a_preview_tells_machines_nothing_and_nobody_how_to_cite_it(client):
    draft = make_publication("Xyzzy", published=False, authors=[make_author()])
    link = preview(draft, by=make_user("editor"))
    found = soup(client.get(f"{link.get_absolute_url()}page/"))
    assert "Xyzzy" in words(found.h1)
    assert tags(found, "citation_") == tags(found, "DC.") == tags(found, "og:") == []
    assert not found.select("script[type='application/ld+json']") and not found.select(".cite")


def test_the_page_asks_for_all_of_it_in_the_queries_that_it_takes_anyway(client, report, django_assert_num_queries):
    with_file(report)
    for number in range(9):
        Authorship.objects.create(publication=report, author=make_author(f"Person {number}"), position=number)
    with django_assert_num_queries(12):
        client.get(report.get_absolute_url())


# Authors


def test_an_author_is_told_as_a_person(client):
    author = make_author(
        "Ana García",
        orcid="0000-0002-1825-0097",
        affiliation="Universidad de Puebla",
        role_en="Analyst",
        role_es="Analista",
        bio_en="<p>Counts <em>rivers</em>.</p><p>Lives there.</p>",
        photo=Image.objects.create(file=ContentFile(landscape("x").read(), "x.jpg"), alt_en="Ana"),
    )
    found = page(client, author)
    person = things(found)["Person"]
    assert person == {
        "@type": "Person",
        "@id": "https://hub.example/authors/ana-garcia/",
        "url": "https://hub.example/authors/ana-garcia/",
        "name": "Ana García",
        "sameAs": "https://orcid.org/0000-0002-1825-0097",
        "affiliation": {"@type": "Organization", "name": "Universidad de Puebla"},
        "jobTitle": "Analyst",
        "description": "Counts rivers. Lives there.",
        "image": f"https://hub.example{author.photo.file.url}",
    }
    assert ("og:type", "profile") in tags(found, "og:")
    assert things(page(client, author, "es"))["Person"]["jobTitle"] == "Analista"


def test_an_organisation_is_no_person(client):
    council = make_author("Council", kind="organisation", affiliation="Elsewhere", role_en="Watches")
    found = things(page(client, council))
    assert found["Organization"]["name"] == "Council"
    assert not {"affiliation", "jobTitle"} & found["Organization"].keys()


def test_the_way_from_home_to_an_author_leads_by_the_list_of_them(client):
    steps = things(page(client, make_author("Ana García"), "es"))["BreadcrumbList"]["itemListElement"]
    assert [(step["name"], step["item"]) for step in steps][1:] == [
        ("Autores", "https://hub.example/es/autores/"),
        ("Ana García", "https://hub.example/es/autores/ana-garcia/"),
    ]
