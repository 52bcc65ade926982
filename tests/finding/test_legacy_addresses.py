"""Addresses of the former site: they lead to the page that took their place, in one step and nowhere else."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django.asserts import assertContains

from research_hub.finding.legacy import LegacyAddress, written_alike
from tests.admin.cast import press
from tests.factories import make_event, make_publication, make_topic, make_user

pytestmark = pytest.mark.django_db

SPANISH = {"HTTP_ACCEPT_LANGUAGE": "es-MX,es;q=0.9"}


@pytest.fixture
def both():
    return make_publication("Both", title_es="Ambos", summary_es="Los dos.")


def known(address, **fields):
    row = LegacyAddress(address=address, **fields)
    row.full_clean()
    row.save()
    return row


def led_to(client, path, **headers):
    response = client.get(path, **headers)
    return response.status_code, response.headers.get("Location")


def test_an_old_address_leads_to_the_entry_in_the_readers_language(client, both):
    known("/node/123", uid=both.uid)
    assert led_to(client, "/node/123") == (301, "/publications/both/")
    assert led_to(client, "/node/123/") == (301, "/publications/both/")
    assert led_to(client, "/node/123", **SPANISH) == (301, "/es/publicaciones/ambos/")
    assert set(client.get("/node/123")["Vary"].split(", ")) == {"Accept-Language", "Referer"}


def test_an_address_below_es_leads_to_spanish_and_one_of_a_known_language_to_that(client, both):
    known("/es/node/123", uid=both.uid)
    known("/articulos/ambos.html", uid=both.uid, language="es")
    assert led_to(client, "/es/node/123") == (301, "/es/publicaciones/ambos/")
    assert led_to(client, "/articulos/ambos.html") == (301, "/es/publicaciones/ambos/")
    assert "Vary" not in client.get("/articulos/ambos.html")


def test_what_does_not_exist_in_the_language_is_led_to_in_the_other(client):
    english = make_publication("English")
    known("/node/5", uid=english.uid, language="es")
    topic = make_topic("Rivers", "")
    known("/node/6", path=topic.get_absolute_url(), language="es")
    assert led_to(client, "/node/5") == (301, "/publications/english/")
    assert led_to(client, "/node/6") == (301, "/topics/rivers/")


def test_the_query_counts_where_it_is_part_of_the_address_and_not_where_it_is_none(client, both):
    topic = make_topic()
    known("/index.php?id=1&lang=en", uid=both.uid)
    known("/index.php?id=2", path="/topics/water/")
    known("/node/9", uid=both.uid)
    assert led_to(client, "/index.php?lang=en&id=1") == (301, "/publications/both/")
    assert led_to(client, "/index.php?id=2") == (301, topic.get_absolute_url())
    assert led_to(client, "/index.php?id=3") == (404, None)
    assert led_to(client, "/node/9?utm_source=mail") == (301, "/publications/both/")


def test_the_home_page_asked_for_the_number_of_a_record_leads_to_that_record(client, both):
    known("/?p=123", uid=both.uid)
    known("/es/?page_id=7", uid=both.uid)
    known("/?q=node/12", uid=both.uid)
    assert led_to(client, "/?p=123") == (301, "/publications/both/")
    assert led_to(client, "/?p=123", **SPANISH) == (301, "/es/publicaciones/ambos/")
    assert led_to(client, "/?preview=true&p=123&utm_source=mail") == (301, "/publications/both/")
    assert led_to(client, "/es/?page_id=7") == (301, "/es/publicaciones/ambos/")
    assert led_to(client, "/?q=node%2F12") == (301, "/publications/both/")
    assert client.head("/?p=123").status_code == 301
    for other in ("/", "/?p=124", "/?page=123", "/?p=", "/?x=123"):
        assert client.get(other).status_code == 200, other


def test_of_what_is_not_public_the_home_page_says_nothing(client):
    draft = make_publication("Draft", published=False)
    known("/?p=5", uid=draft.uid)
    assert client.get("/?p=5").status_code == client.get("/?p=6").status_code == 200


def test_the_home_page_costs_a_query_more_only_where_a_record_is_asked_for(client, django_assert_num_queries):
    client.get("/")
    with django_assert_num_queries(1):
        client.get("/")
    with CaptureQueriesContext(connection) as without:
        client.get("/?x=1")
    with django_assert_num_queries(len(without) + 1):
        client.get("/?p=1")


def test_a_page_is_led_to_in_both_languages_with_what_it_is_narrowed_by(client):
    topic = make_topic("Water", "Agua")
    known("/water", path="/topics/water/")
    known("/reports", path="/publications/?type=report")
    assert led_to(client, "/water", **SPANISH) == (301, "/es/temas/agua/")
    assert led_to(client, "/reports") == (301, "/publications/?type=report")
    assert led_to(client, "/reports", **SPANISH) == (301, "/es/publicaciones/?type=report")
    topic.slug_en = "fresh-water"
    topic.save()
    assert led_to(client, "/water") == (301, "/topics/fresh-water/")


def test_it_leads_to_nothing_that_is_not_public_and_of_what_is_withdrawn_it_says_why(client):
    draft, event = make_publication("Draft", published=False), make_event("Gone")
    known("/draft", uid=draft.uid)
    known("/gone", uid=event.uid)
    topic = make_topic()
    known("/water", path="/topics/water/")
    event.withdraw(by=make_user(), reason_en="It never took place.")
    topic.delete()
    assert led_to(client, "/draft") == (404, None)
    assert client.get("/draft").content == client.get("/never").content.replace(b"/never", b"/draft")
    assert led_to(client, "/water") == (404, None)
    assertContains(client.get("/gone"), "It never took place.", status_code=410)


def test_a_page_that_is_there_costs_no_query_more_and_one_that_is_not_costs_one(client, django_assert_num_queries):
    make_publication("Both")
    client.get("/publications/both/")
    with django_assert_num_queries(1):
        client.get("/publications/both/")
    with django_assert_num_queries(1):
        assert client.get("/nope").status_code == 404


def test_what_nobody_could_have_stored_is_not_sought(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        for path in ("/nope%00", "/" + "n" * 1001):
            assert client.get(path).status_code == 404


def test_only_reading_is_led_on(client, both):
    known("/node/123", uid=both.uid)
    assert client.post("/node/123").status_code == 404
    assert client.head("/node/123").status_code == 301


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"path": "https://evil.example/"}, "path"),
        ({"path": "//evil.example/"}, "path"),
        ({"path": "/\\evil.example"}, "path"),
        ({"path": "javascript:alert(1)"}, "path"),
        ({"path": "/nope/"}, "path"),
        ({"path": "/topics/nope/"}, "path"),
        ({"path": "/admin/"}, "path"),
        ({"path": "/sitemap.xml"}, "path"),
        ({"path": "/old"}, "path"),
        ({"uid": "0000000000"}, "uid"),
        ({}, "__all__"),
        ({"address": "/topics/", "path": "/activity/"}, "address"),
        ({"address": "/es/temas/", "path": "/activity/"}, "address"),
        ({"address": "/topics", "path": "/activity/"}, "address"),
        ({"address": "/?page=2", "path": "/activity/"}, "address"),
        ({"address": "/?p=", "path": "/activity/"}, "address"),
        ({"address": "/?p=1", "path": "/?p=2"}, "path"),
        ({"address": "/?p=1", "path": "/es/?q=node/2"}, "path"),
    ],
)
def test_what_would_lead_away_in_a_circle_or_nowhere_is_refused(fields, wrong):
    with pytest.raises(ValidationError) as refusal:
        LegacyAddress(**{"address": "/old"} | fields).full_clean()
    assert wrong in refusal.value.message_dict


def test_a_row_that_nobody_checked_leads_neither_away_nor_in_a_circle(client):
    LegacyAddress.objects.bulk_create(
        [
            LegacyAddress(address="/away", path="https://evil.example/"),
            LegacyAddress(address="/away-too", path="//evil.example/topics/"),
            LegacyAddress(address="/one", path="/two"),
            LegacyAddress(address="/two", path="/one"),
            LegacyAddress(address="/self", path="/self"),
            LegacyAddress(address="/?p=1", path="/?p=2"),
            LegacyAddress(address="/?p=2", path="/?p=1"),
        ]
    )
    assert client.get("/?p=1").status_code == 200
    for path in ("/away", "/away-too", "/one", "/two", "/self"):
        assert led_to(client, path) == (404, None), path


def test_it_leads_to_one_thing_only(both):
    with pytest.raises(IntegrityError), transaction.atomic():
        LegacyAddress.objects.create(address="/both", uid=both.uid, path="/topics/")


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("https://www.old.example/node/1/", "/node/1"),
        ("/a%20b/caf%C3%A9", "/a b/café"),
        ("/index.php?b=2&a=1", "/index.php?a=1&b=2"),
        ("/index.php?a=", "/index.php?a="),
        (" / ", "/"),
        ("/page#part", "/page"),
        ("http://[old.example/node/1", "http://[old.example/node/1"),
    ],
)
def test_an_address_is_kept_in_one_form(typed, kept):
    assert written_alike(typed) == kept == written_alike(kept)


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_publisher_adds_one_in_the_admin_and_is_told_what_is_wrong(client, both, language):
    client.force_login(make_user("publisher"))
    url = reverse("admin:research_hub_legacyaddress_add")
    url = url if language == "en" else f"/es{url}"
    told = {"en": "Give an entry or a page, one of the two.", "es": "Indique una entrada o una página, una de las dos."}
    assertContains(press(client, url, address="/node/1"), told[language])
    assert press(client, url, address="https://old.example/node/1/", uid=both.uid).status_code == 302
    assert LegacyAddress.objects.get().address == "/node/1"


def test_an_editor_does_not_move_addresses(client):
    client.force_login(make_user("editor"))
    assert client.get(reverse("admin:research_hub_legacyaddress_changelist")).status_code == 403
