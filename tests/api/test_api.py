"""The JSON for programs: what pages show, as its description says, in both languages, and nothing else."""

import json
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone
from jsonschema import Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator

from publications.models import Author, Authorship
from research_hub.activity.filters import ActivityFilter
from research_hub.api import entries as entries_of_api
from research_hub.api import owners as owners_of_api
from research_hub.api.schemas import Narrowing
from research_hub.demonstration.pictures import landscape
from research_hub.media.models import Image
from tests.factories import (
    make_author,
    make_event,
    make_publication,
    make_region,
    make_series,
    make_topic,
    make_user,
)
from tests.pages import soup, titles

pytestmark = pytest.mark.django_db

API = "/api/v1"
SPANISH = {"title_es": "Ríos", "summary_es": "Lo que dice.", "body_es": "<p>Agua</p>"}


def described(client) -> dict:
    return client.get(f"{API}/openapi.json").json()


def answer(client, path: str, data=None, status=200, **headers):
    """The JSON at an address, which is as the description of the operation says."""
    response = client.get(path if path.startswith("/") else f"{API}/{path}", data, **headers)
    assert response.status_code == status, response.content
    assert response["Content-Type"] == "application/json; charset=utf-8"
    document = described(client)
    promised = operation_at(document, response.wsgi_request.path)["responses"][str(status)]
    schema = promised["content"]["application/json"]["schema"] | {"components": document["components"]}
    Draft202012Validator(schema).validate(response.json())
    return response.json()


def operation_at(document: dict, path: str) -> dict:
    for template, methods in document["paths"].items():
        fixed, _open, _rest = template.partition("{")
        if path == template or ("{" in template and path.startswith(fixed) and path.count("/") == template.count("/")):
            return methods["get"]
    raise AssertionError(path)


def names(items) -> list[str]:
    return [item["title"]["en"] or item["title"]["es"] for item in items]


@pytest.fixture
def report():
    parent, author = make_topic("Environment", "Medio ambiente"), make_author("Ana García", orcid="0000-0002-1825-0097")
    cover = Image.objects.create(file=landscape("a"), alt_en="A river")
    publication = make_publication(
        "Rivers", **SPANISH, date="2017-02", type="policy-brief", body_en="<p>Water</p>", subtitle_en="A count",
        topics=[make_topic(parent=parent)], regions=[make_region(code="MX")], authors=[author], media=["audio"],
        series=make_series(), number="3", doi="10.5555/hub.3", isbn="978-0-306-40615-7", cover=cover, published=False,
    )  # fmt: skip
    Authorship.objects.create(publication=publication, author=make_author("Zoe Ward"), role="editor", position=5)
    publication.downloads.create(language="en", file=ContentFile(b"%PDF-1.4 %%EOF", "a.pdf"), label_en="Whole")
    publication.related.add(make_publication("Related"), make_publication("Unborn", published=False))
    publication.publish(by=make_user())
    return publication


# The description


def test_the_description_is_valid_and_names_every_operation(client):
    document = described(client)
    OpenAPIV31SpecValidator(document).validate()
    assert document["servers"] == [{"url": "https://hub.example"}]
    assert {path.removeprefix(f"{API}/") for path in document["paths"]} == {
        "", "entries", "search", "entries/{uid}", "types", "topics", "topics/{slug}", "regions", "regions/{slug}",
        "authors", "authors/{slug}", "series", "series/{slug}",
    }  # fmt: skip
    assert all(set(methods) == {"get"} for methods in document["paths"].values())


def test_a_list_is_narrowed_by_the_words_of_the_pages():
    words = {field.alias or name for name, field in Narrowing.model_fields.items()}
    assert words == set(ActivityFilter.base_filters) | {"lang", "after"}


@pytest.mark.parametrize(("path", "word"), [("/api/", "For programs"), ("/es/api/", "Para programas")])
def test_people_read_about_it_in_their_language_and_nothing_comes_from_elsewhere(client, path, word):
    page = client.get(path).content.decode()
    assert f"<h1>{word}</h1>" in page
    assert "https://hub.example/api/v1/openapi.json" in page
    assert "<code>/api/v1/entries/{uid}</code>" in page
    assert all(script["src"].startswith("/static/") for script in soup(client.get(path)).select("script[src]"))
    english = client.get("/api/").content.decode()
    for shown in ("Publications and events, newest first", "the slug of a series", "One topic"):
        assert (shown in page) == (page == english)
    for link in soup(client.get(path)).select(".forms a"):
        assert client.get(link["href"].removeprefix("https://hub.example")).status_code == 200


def test_the_first_address_leads_to_all_others(client):
    for address in answer(client, "").values():
        path = address.removeprefix("https://hub.example")
        assert client.get(path, {"q": "x"} if path.endswith("search") else {}).status_code == 200


# Lists


def test_an_entry_in_a_list_is_told_in_each_language_it_has_and_nothing_is_lent(client, report):
    answer(client, "entries")
    item = next(item for item in answer(client, "entries")["items"] if item["uid"] == report.uid)
    assert item == {
        "uid": report.uid,
        "kind": "publication",
        "type": {"en": "Policy Brief", "es": item["type"]["es"]},
        "state": {"en": None, "es": None},
        "title": {"en": "Rivers", "es": "Ríos"},
        "summary": {"en": "What Rivers says.", "es": "Lo que dice."},
        "byline": {"en": "Ana García and Zoe Ward", "es": "Ana García y Zoe Ward"},
        "date": {
            "iso": "2017-02",
            "first": "2017-02-01",
            "last": "2017-02-28",
            "precision": "month",
            "text": {"en": "February 2017", "es": "febrero de 2017"},
        },
        "languages": ["en", "es"],
        "media": ["audio"],
        "changed_at": item["changed_at"],
        "page": {
            "en": "https://hub.example/publications/rivers/",
            "es": "https://hub.example/es/publicaciones/rios/",
        },
        "permanent": f"https://hub.example/e/{report.uid}/",
        "api": f"https://hub.example/api/v1/entries/{report.uid}",
    }
    one = next(item for item in answer(client, "entries")["items"] if item["title"]["en"] == "Related")
    assert one["title"]["es"] is one["page"]["es"] is one["summary"]["es"] is one["byline"]["es"] is None


def test_what_has_no_date_says_so(client):
    make_publication("Undated", date="", is_undated=True)
    (item,) = answer(client, "entries")["items"]
    assert item["date"] == {
        "iso": "", "first": None, "last": None, "precision": "none", "text": {"en": None, "es": None},
    }  # fmt: skip


@pytest.fixture
def shelf():
    water, mexico, ana, notes = make_topic(), make_region(), make_author(), make_series()
    make_publication("One", date="2016-03-06", topics=[water], regions=[mexico], authors=[ana], series=notes)
    make_publication("Two", date="2016-06-03", type="policy-brief", topics=[water], media=["video"])
    make_publication("Three", date="", is_undated=True, topics=[water], **SPANISH)
    make_event("Four", topics=[water], speakers=[ana])
    make_publication("Five", date="2015")
    make_publication("Draft", published=False, topics=[water], regions=[mexico], authors=[ana], series=notes)


@pytest.mark.parametrize(
    "query",
    [
        "", "kind=publication", "kind=event", "type=policy-brief", "language=es", "media=1", "topic=water",
        "topic=agua", "region=mexico", "author=ana-garcia", "series=field-notes", "from=2016", "from=2016&to=2016-04",
        "to=2015", "from=2016&undated=1", "topic=water&author=ana-garcia", "from=2017&to=2015", "q=two", "q=ríos",
        "topic=water&kind=publication&from=2016&undated=1", "q=one&order=relevance", "topic=water&q=t*",
    ],
)  # fmt: skip
def test_a_list_holds_what_the_page_of_the_same_words_shows_in_its_order(client, shelf, query):
    told = answer(client, f"{API}/entries?{query}")
    page = client.get(f"/activity/?{query}", follow=True)
    assert names(told["items"]) == [title if title != "Ríos" else "Three" for title in titles(page)]
    assert told["count"] == len(told["items"])
    where = told["page"].removeprefix("https://hub.example")
    assert titles(client.get(where)) == titles(page)


def test_who_asks_by_dates_hears_what_is_left_out(client, shelf):
    assert answer(client, "entries", {"from": "2016"})["undated_left_out"] == 1
    assert answer(client, "entries", {"from": "2016", "undated": "1"})["undated_left_out"] == 0


def test_a_date_is_read_in_the_order_of_the_language(client, shelf):
    assert names(answer(client, "entries", {"from": "06/03/2016", "to": "06/03/2016"})["items"]) == ["Two"]
    spanish = {"from": "06/03/2016", "to": "06/03/2016", "lang": "es"}
    assert names(answer(client, "entries", spanish)["items"]) == ["One"]
    assert "/es/actividad/?from=2016-03-06" in answer(client, "entries", spanish)["page"]


@pytest.mark.parametrize(
    ("query", "field", "english", "spanish"),
    [
        ({"from": "31/31/2024"}, "from", "There is no such date.", "Esa fecha no existe."),
        ({"topic": "nope"}, "topic", "There is no “nope”.", "No existe «nope»."),
        ({"type": "nope"}, "type", "There is no “nope”.", "No existe «nope»."),
        ({"kind": "nope"}, "kind", "", ""),
        ({"autor": "ana"}, "autor", "This word is not known here.", "Esta palabra no se conoce aquí."),
        ({"after": "x"}, "after", "Follow the address", "Siga la dirección"),
        ({"after": "9" * 30}, "after", "Follow the address", "Siga la dirección"),
        ({"author": "a\0b"}, "author", "", ""),
    ],
)
def test_what_cannot_be_understood_is_refused_in_the_readers_language(client, query, field, english, spanish):
    for lang, message in (("en", english), ("es", spanish)):
        (error,) = answer(client, "entries", query | {"lang": lang}, status=422)["errors"]
        assert error["field"] == field
        assert message in error["message"] and error["message"]


def test_another_language_is_refused(client):
    assert answer(client, "entries", {"lang": "fr"}, status=422)["errors"] == [
        {"field": "lang", "message": "This may be en or es."}
    ]


def test_search_wants_words_and_finds_those_of_either_language(client, report):
    for query in ({}, {"q": " "}):
        for lang, message in (("en", "Say what to look for."), ("es", "Indique qué debe buscarse.")):
            told = answer(client, "search", query | {"lang": lang}, status=422)
            assert told["errors"] == [{"field": "q", "message": message}]
    for words in ("rivers", "ríos", "rios"):
        told = answer(client, "search", {"q": words})
        assert names(told["items"]) == ["Rivers"]
        assert told["page"].startswith("https://hub.example/search/?q=")


def walk(client, path) -> list:
    found, address = [], f"{API}/{path}"
    while address:
        part = answer(client, address)
        found.append(part["items"])
        address = part["next"] and part["next"].removeprefix("https://hub.example")
    return found


@pytest.mark.parametrize(
    "query", ["", "?kind=publication", "?from=2001&undated=1", "?q=number", "?q=number&order=relevance", "?lang=es"]
)
def test_who_follows_the_parts_meets_every_entry_once_and_in_order(client, monkeypatch, query):
    monkeypatch.setattr(entries_of_api, "SIZE", 3)
    for n in range(1, 8):
        make_publication(f"Number {n}", date=f"200{n}")
    make_publication("Number none", date="", is_undated=True)
    parts = walk(client, f"entries{query}")
    assert [len(part) for part in parts] == [3, 3, 2]
    assert [name for part in parts for name in names(part)] == [
        *(f"Number {n}" for n in range(7, 0, -1)),
        "Number none",
    ]


def test_what_is_published_meanwhile_moves_nothing(client, monkeypatch):
    monkeypatch.setattr(entries_of_api, "SIZE", 2)
    for n in range(1, 5):
        make_publication(f"Number {n}", date=f"200{n}")
    first = answer(client, "entries")
    make_publication("Newer", date="2020")
    second = answer(client, first["next"].removeprefix("https://hub.example"))
    assert names(first["items"] + second["items"]) == ["Number 4", "Number 3", "Number 2", "Number 1"]


# One entry


def test_a_publication_is_told_whole(client, report):
    told = answer(client, f"entries/{report.uid}")
    assert told["kind"] == "publication"
    assert told["type"]["code"] == "policy-brief"
    assert told["title"] == {"en": "Rivers", "es": "Ríos"}
    assert told["subtitle"] == {"en": "A count", "es": None}
    assert told["body"] == {"en": "<p>Water</p>", "es": "<p>Agua</p>"}
    assert (told["doi"], told["isbn"], told["number"]) == ("10.5555/hub.3", "978-0-306-40615-7", "3")
    assert [(person["name"], person["role"]) for person in told["people"]] == [
        ("Ana García", "author"),
        ("Zoe Ward", "editor"),
    ]
    assert told["people"][0]["orcid"] == "0000-0002-1825-0097"
    assert told["topics"][0]["name"] == {"en": "Water", "es": "Agua"}
    assert told["regions"][0]["page"]["es"] == "https://hub.example/es/regiones/mexico/"
    assert told["series"]["name"] == {"en": "Field Notes", "es": None}
    assert told["cover"]["alt"] == {"en": "A river", "es": None}
    assert told["media"][0]["kind"] == "audio"
    assert len(told["related"]) == 1
    assert {citation["style"] for citation in told["citations"]} == {"Chicago", "APA", "MLA"}
    assert all("Rivers" in citation["text"]["en"] for citation in told["citations"])
    assert all("Ríos" in citation["text"]["es"] for citation in told["citations"])


def test_every_address_in_it_leads_somewhere(client, report):
    told = answer(client, f"entries/{report.uid}")
    (file,) = told["downloads"]
    assert (file["language"], file["bytes"], file["label"]) == ("en", 14, {"en": "Whole", "es": None})
    addresses = [file["url"], *told["related"], told["api"], told["cover"]["url"]]
    addresses += [url for way in told["citation_files"] for url in way["url"].values()]
    for thing in [*told["topics"], *told["regions"], *told["people"], told["series"], told]:
        addresses += [thing["api"], *(url for url in thing["page"].values() if url)]
    assert len(addresses) > 20
    for address in addresses:
        assert client.get(address.removeprefix("https://hub.example")).status_code == 200, address


def test_an_event_is_told_with_its_hours_where_it_takes_place(client):
    report = make_publication("Launched")
    start = timezone.now().replace(month=6, day=1, hour=18, minute=0, second=0, microsecond=0) + timedelta(days=400)
    event = make_event(
        "Seminar", starts_at=start, time_zone="America/Bogota", venue_es="Casa", city="Bogotá", country="CO",
        in_spanish=True, speakers=[make_author()], format="hybrid", registration_url="https://r.example.org/1",
        topics=[make_topic()], published=False,
    )  # fmt: skip
    event.publications.add(report, make_publication("Unborn", published=False))
    event.publish(by=make_user())
    told = answer(client, f"entries/{event.uid}")
    assert told["kind"] == "event"
    assert told["starts_at"].endswith("T13:00:00-05:00")
    assert (told["time_zone"], told["spoken"], told["format"]) == ("America/Bogota", ["es"], "hybrid")
    assert told["venue"] == {"en": None, "es": "Casa"}
    assert told["registration"] == "https://r.example.org/1"
    assert told["launches"] == [f"https://hub.example/api/v1/entries/{report.uid}"]
    assert [person["name"] for person in told["speakers"]] == ["Ana García"]
    assert client.get(told["calendar"]["en"].removeprefix("https://hub.example")).status_code == 200
    assert told["calendar"]["es"] is None


def test_a_file_under_embargo_is_named_with_its_day_and_given_to_nobody(client, report):
    file = report.downloads.get()
    file.embargo_until = timezone.now() + timedelta(days=3)
    file.save()
    (told,) = answer(client, f"entries/{report.uid}")["downloads"]
    assert told["embargo_until"]
    assert client.get(told["url"].removeprefix("https://hub.example")).status_code == 404


@pytest.mark.parametrize(("lang", "reason"), [("en", "A table was wrong."), ("es", "Una tabla estaba mal.")])
def test_what_was_withdrawn_says_why_and_nothing_else(client, report, lang, reason):
    report.withdraw(by=make_user(), reason_en="A table was wrong.", reason_es="Una tabla estaba mal.")
    told = answer(client, f"entries/{report.uid}", {"lang": lang}, status=410)
    assert told == {"errors": [{"field": "", "message": reason}]}


def test_what_is_not_published_is_the_404_of_a_name_that_never_was(client):
    draft = make_publication("Draft", published=False)
    for uid in (draft.uid, "0000000000"):
        assert answer(client, f"entries/{uid}", status=404) == {
            "errors": [{"field": "", "message": "No entry that is public has this name."}]
        }


def test_text_that_was_stored_uncleaned_is_told_clean(client, report):
    type(report).objects.filter(pk=report.pk).update(body_en="<p>Water</p><script>alert(1)</script>")
    assert answer(client, f"entries/{report.uid}")["body"]["en"] == "<p>Water</p>"


@pytest.mark.parametrize("make", [make_publication, make_event])
def test_the_page_of_an_entry_names_its_json(client, make):
    entry = make()
    for language in ("en", "es"):
        link = soup(client.get(entry.get_absolute_url(language))).select_one("link[type='application/json']")
        assert answer(client, link["href"])["uid"] == entry.uid


# Topics, places, authors, series, types


def test_the_owners_of_lists_are_told_with_what_stands_on_them(client, report):
    topic = answer(client, "topics/water")
    assert topic["parent"]["name"]["en"] == "Environment"
    assert topic["slug"] == {"en": "water", "es": "agua"}
    assert answer(client, "topics/agua") == topic
    assert answer(client, "regions/mexico")["code"] == "MX"
    assert answer(client, "series/field-notes")["name"] == {"en": "Field Notes", "es": None}
    assert answer(client, "authors/ana-garcia")["orcid"] == "0000-0002-1825-0097"
    for path in ("topics/water", "topics/environment", "regions/mexico", "series/field-notes", "authors/ana-garcia"):
        told = answer(client, path)
        assert told["count"] == 1
        assert names(answer(client, told["entries"].removeprefix("https://hub.example"))["items"]) == ["Rivers"]


def test_types_are_told_with_how_much_there_is_of_each(client, report):
    (brief,) = [told for told in answer(client, "types")["items"] if told["code"] == "policy-brief"]
    assert brief["count"] == 1
    assert names(answer(client, brief["entries"].removeprefix("https://hub.example"))["items"]) == ["Rivers"]


@pytest.mark.parametrize("lang", ["", "?lang=es"])
def test_all_authors_are_met_by_following_the_parts(client, monkeypatch, lang):
    monkeypatch.setattr(owners_of_api, "SIZE", 2)
    for n in range(5):
        make_author(f"Author {n}")
    parts = walk(client, f"authors{lang}")
    assert [len(part) for part in parts] == [2, 2, 1]
    assert {item["name"]["en"] for part in parts for item in part} == set(Author.objects.values_list("name", flat=True))


@pytest.mark.parametrize("collection", ["topics", "regions", "authors", "series"])
def test_an_owner_that_is_none_is_a_404_and_what_is_no_address_is_one_too(client, collection):
    (error,) = answer(client, f"{collection}/nope", {"lang": "es"}, status=404)["errors"]
    assert error["message"] == "No existe «nope»."
    assert answer(client, collection, {"after": "-1"}, status=422)["errors"][0]["field"] == "after"


def test_an_address_that_is_none_is_told_in_json(client):
    for path in (f"{API}/nope", f"{API}/entries/x/y", f"{API}/topics/", f"{API}/entries/a%0Ab"):
        response = client.get(path)
        assert response.status_code == 404
        assert json.loads(response.content)["errors"][0]["message"] == "There is nothing at this address."


# How it is answered

DOORS = ["", "entries", "entries?kind=publication", "types", "topics", "regions", "authors", "series", "openapi.json",
         "topics/water", "authors/ana-garcia", "entries/{uid}"]  # fmt: skip


def test_what_has_not_changed_costs_one_query_and_a_change_shows_at_once(client, report, django_assert_num_queries):
    for door in DOORS:
        path = f"{API}/{door.format(uid=report.uid)}"
        first = client.get(path)
        with django_assert_num_queries(1):
            assert client.get(path).content == first.content
        with django_assert_num_queries(1):
            again = client.get(path, headers={"If-None-Match": first["ETag"]})
        assert (again.status_code, again.content) == (304, b"")
        assert first["Cache-Control"] == "public, max-age=0, must-revalidate"
    before = client.get(f"{API}/entries")
    make_publication("New")
    assert client.get(f"{API}/entries", headers={"If-None-Match": before["ETag"]}).status_code == 200


def test_other_spellings_of_an_address_fill_no_cache(client, report, django_assert_num_queries):
    for query in ("?lang=en", "?to=2017&from=2017", "?q=rivers", "?after=99"):
        client.get(f"{API}/entries{query}")
        with pytest.raises(pytest.fail.Exception), django_assert_num_queries(1):
            client.get(f"{API}/entries{query}")


def test_scripts_of_any_site_may_read_it_and_no_page_of_ours(client, report):
    doors = [f"{API}/{door.format(uid=report.uid)}" for door in (*DOORS, "nope", "entries?lang=fr")]
    for path in doors:
        for headers in ({}, {"If-None-Match": client.get(path).headers.get("ETag", "")}):
            assert client.get(path, headers=headers)["Access-Control-Allow-Origin"] == "*", path
    asked = client.options(f"{API}/entries", headers={"Access-Control-Request-Method": "GET"})
    assert (asked.status_code, asked["Access-Control-Allow-Origin"]) == (200, "*")
    assert "If-None-Match" in asked["Access-Control-Allow-Headers"]
    for path in ("/api/", "/", "/admin/login/", "/activity/"):
        assert "Access-Control-Allow-Origin" not in client.get(path)


def test_it_is_only_read(client, report):
    for door in DOORS:
        path = f"{API}/{door.format(uid=report.uid)}"
        for method in ("post", "put", "patch", "delete"):
            assert getattr(client, method)(path).status_code == 405, (method, path)
        head = client.head(path)
        assert (head.status_code, head.content) == (200, b"")
        assert not client.get(path).cookies
        assert "noindex" in client.get(path)["X-Robots-Tag"]


def test_its_queries_do_not_grow_with_what_it_tells(client, django_assert_num_queries):
    def costs():
        for path, queries in (
            ("entries?after=9007199254740991", 4),
            ("entries?topic=water&lang=en", 5),
            ("topics?lang=en", 3),
            ("regions?lang=en", 3),
            ("authors?lang=en", 3),
            ("series?lang=en", 3),
            ("types?lang=en", 3),
            (f"entries/{first.uid}?lang=en", 12),
        ):
            with django_assert_num_queries(queries):
                assert client.get(f"{API}/{path}").status_code == 200

    water, ana = make_topic(), make_author()
    first = make_publication("First", topics=[water], authors=[ana], regions=[make_region()], series=make_series())
    costs()
    for n in range(4):
        make_author(f"A{n}"), make_series(f"S{n}"), make_region(f"R{n}", f"R{n}")
        more = make_publication(f"P{n}", topics=[water, make_topic(f"T{n}", f"T{n}")], authors=[ana])
        first.related.add(more)
        first.downloads.create(language="en", file=ContentFile(b"%PDF-1.4 %%EOF", "a.pdf"))
        Authorship.objects.create(publication=first, author=Author.objects.get(name=f"A{n}"), position=n + 5)
    first.publish(by=make_user())
    costs()
