"""What no browser sends, and any tool may: an answer, and no error of ours."""

import pytest
from django.http.cookie import parse_cookie

from tests.factories import make_publication

pytestmark = pytest.mark.django_db
NUL_IN_QUOTES = r'sessionid="\000abcdefgh"'


def test_a_link_on_a_page_whose_address_is_none_leads_to_the_entry(client):
    report = make_publication("Rivers", title_es="Ríos", summary_es="x")
    for language, led in (("en", "/publications/rivers/"), ("es", "/es/publicaciones/rios/")):
        sent = {"Referer": "http://[x", "Accept-Language": language}
        response = client.get(f"/e/{report.uid}/", headers=sent)
        assert (response.status_code, response["Location"]) == (302, led)


@pytest.mark.parametrize("path", ["/files/images/%00.jpg", "/files/images/a%00/b.webp", "/no/such%00page", "/e/%00/"])
def test_at_an_address_with_a_nul_there_is_nothing(client, path):
    assert client.get(path).status_code == 404


def test_a_session_with_a_nul_in_its_name_is_none(client):
    assert "\0" in parse_cookie(NUL_IN_QUOTES)["sessionid"]
    assert client.get("/admin/login/", headers={"Cookie": NUL_IN_QUOTES}).status_code == 200
    assert client.get("/admin/", headers={"Cookie": NUL_IN_QUOTES}).status_code == 302
