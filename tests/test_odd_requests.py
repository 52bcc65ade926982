"""What no browser sends, and any tool may: an answer, and no error of ours."""

import pytest
from django.http.cookie import parse_cookie

from tests.admin.cast import address, form_at, press
from tests.factories import make_event, make_publication, make_topic, make_user
from tests.pages import titles

pytestmark = pytest.mark.django_db
NUL_IN_QUOTES = r'sessionid="\000abcdefgh"'


def test_a_link_on_a_page_whose_address_is_none_leads_to_the_entry(client):
    report = make_publication("Rivers", title_es="Ríos", summary_es="x")
    for language, led in (("en", "/publications/rivers/"), ("es", "/es/publicaciones/rios/")):
        sent = {"Referer": "http://[x", "Accept-Language": language}
        response = client.get(f"/e/{report.uid}/", headers=sent)
        assert (response.status_code, response["Location"]) == (302, led)


@pytest.mark.parametrize(
    ("name", "one", "other", "found"),
    [("from", "2000", "2018", ["Lakes"]), ("kind", "publication", "event", ["Seminar"]), ("q", "lakes", "x", [])],
)
def test_of_a_word_that_comes_twice_the_last_counts_in_all_that_reads_it(client, name, one, other, found):
    topic = make_topic()
    for title, date in (("Rivers", "2015"), ("Lakes", "2018")):
        make_publication(title, date=date, topics=[topic])
    make_event("Seminar", topics=[topic])
    for first, second in ((other, one), (one, other)):  # what was kept of the one is not given to the other
        query = f"?{name}={first}&{name}={second}"
        told = client.get(f"/api/v1/entries{query}").json()["items"]
        table = b"".join(client.get(f"/topics/water/list.csv{query}").streaming_content).decode()
        shown = titles(client.get(f"/topics/water/{query}"))
        assert shown == [item["title"]["en"] for item in told]
        assert {title for title in ("Rivers", "Lakes", "Seminar") if title in table} == set(shown)
    assert shown == found


@pytest.mark.parametrize("path", ["/files/images/%00.jpg", "/files/images/a%00/b.webp", "/no/such%00page", "/e/%00/"])
def test_at_an_address_with_a_nul_there_is_nothing(client, path):
    assert client.get(path).status_code == 404


def test_a_session_with_a_nul_in_its_name_is_none(client):
    assert "\0" in parse_cookie(NUL_IN_QUOTES)["sessionid"]
    assert client.get("/admin/login/", headers={"Cookie": NUL_IN_QUOTES}).status_code == 200
    assert client.get("/admin/", headers={"Cookie": NUL_IN_QUOTES}).status_code == 302


@pytest.mark.parametrize("key", ["x", "-1", "\0", "2017-99-99", "9" * 30])
def test_a_record_that_is_no_number_is_not_chosen_in_a_list_of_the_admin(client, key):
    topic = make_topic()
    client.force_login(make_user("publisher"))
    sent = {"action": "delete_selected", "index": "0", "_selected_action": [key]}
    assert client.post("/admin/topics/topic/", sent).status_code == 400
    assert client.post("/admin/topics/topic/", sent | {"_selected_action": [topic.pk]}).status_code == 200


@pytest.mark.parametrize("number", ["9" * 30, "2017-99-99"])
def test_a_number_that_no_record_has_is_refused_in_the_boxes_that_search(client, number):
    client.force_login(make_user("publisher"))
    report = make_publication(published=False)
    sent = form_at(client, address(report))
    for field in ("regions", "series"):
        assert press(client, address(report), sent=sent, **{field: number}).status_code in (200, 400)
    client.force_login(make_user("administrator"))
    word = {"source": "x", "what": "topic", "word": "x", "topic": number}
    assert client.post("/admin/importing/equivalent/add/", word).status_code == 200
