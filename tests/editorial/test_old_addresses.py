"""An address that readers may have met leads to the record for ever, in its own language, in one step."""

import pytest

from research_hub.editorial.versions import snapshot
from research_hub.languages.models import OldSlug
from tests.factories import make_author, make_publication, make_topic, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def live():
    words = {"title_es": "Informe", "summary_es": "Qué dice.", "slug_es": "informe"}
    return make_publication("A Report", topics=[make_topic()], authors=[make_author()], slug_en="report", **words)


def moved(entry, **slugs):
    for name, slug in slugs.items():
        setattr(entry, name, slug)
    entry.save()
    return entry


def led_to(client, path):
    response = client.get(path)
    return response.status_code, response.headers.get("Location")


def test_the_old_address_leads_to_the_new_one_in_each_language(client, live):
    moved(live, slug_en="study", slug_es="estudio")
    assert led_to(client, "/publications/report/") == (301, "/publications/study/")
    assert led_to(client, "/es/publicaciones/informe/") == (301, "/es/publicaciones/estudio/")
    assert led_to(client, "/es/publicaciones/report/") == (301, "/es/publicaciones/estudio/")
    assert client.get("/publications/study/").status_code == 200


def test_addresses_that_change_again_and_back_make_no_chain_and_no_loop(client, live):
    for slug in ("second", "third", "report", "fourth"):
        moved(live, slug_en=slug)
    for old in ("report", "second", "third"):
        assert led_to(client, f"/publications/{old}/") == (301, "/publications/fourth/")
    moved(live, slug_en="report")
    assert client.get("/publications/report/").status_code == 200
    assert led_to(client, "/publications/fourth/") == (301, "/publications/report/")


def test_an_address_that_a_draft_had_leads_nowhere(client):
    draft = make_publication("A Draft", published=False, slug_en="draft")
    moved(draft, slug_en="second-draft")
    assert not OldSlug.objects.exists()
    draft.publish(by=make_user())
    assert client.get("/publications/draft/").status_code == 404


def test_the_address_changes_when_the_working_copy_is_published_and_not_before(client, live):
    written = snapshot(live)
    written["fields"]["slug_en"] = "study"
    copy = live.work_on(written, by=make_user())
    assert client.get("/publications/report/").status_code == 200
    assert client.get("/publications/study/").status_code == 404
    copy.publish(by=make_user())
    assert led_to(client, "/publications/report/") == (301, "/publications/study/")


def test_nobody_else_gets_an_address_that_leads_somewhere(live):
    moved(live, slug_en="study")
    other = make_publication("Report", published=False)
    assert other.slug_en != "report"
    other.slug_en = "report"
    with pytest.raises(Exception, match="Another page has or had this address"):
        other.full_clean()


def test_an_old_address_of_what_is_withdrawn_says_so(client, live):
    moved(live, slug_en="study")
    live.withdraw(by=make_user(), reason_en="A table was wrong.")
    assert client.get("/publications/report/").status_code == 410


def test_a_topic_is_found_under_its_old_address_with_what_was_asked(client):
    topic = make_topic("Water", "Agua")
    moved(topic, slug_en="fresh-water")
    assert led_to(client, "/topics/water/?from=2017") == (301, "/topics/fresh-water/?from=2017")


def test_a_deleted_record_leaves_its_old_address_free(client):
    topic = make_topic("Water", "Agua")
    moved(topic, slug_en="fresh-water").delete()
    assert client.get("/topics/water/").status_code == 404
    assert make_topic("Water", "Agua").slug_en == "water"
