"""A translator writes the other language of an entry and nothing else, whatever is sent."""

import pytest
from django.contrib.auth.models import Permission
from pytest_django.asserts import assertContains, assertNotContains

from research_hub.activity.models import Activity
from tests.factories import make_author, make_event, make_publication, make_topic, make_user, publish

from .cast import address, columns, form_at, press, row

pytestmark = pytest.mark.django_db
OWN = {"title_es", "summary_es", "body_es", "slug_es", "subtitle_es", "venue_es", "title"}
BOOKKEEPING = {"updated_at", "updated_by_id", "version"}


@pytest.fixture
def publication():
    return make_publication(
        topics=[make_topic()], authors=[make_author()], body_en="<p>In <em>English</em></p>", published=False
    )


def without_own_words(entry):
    return columns(entry, BOOKKEEPING | OWN)


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_translation_is_saved(client, publication, language):
    client.force_login(make_user("translator"))
    saved = press(client, address(publication, language), title_es="Un informe", body_es="<p>Hola</p>")
    assert saved.status_code == 302
    publication.refresh_from_db()
    assert (publication.title_es, publication.slug_es) == ("Un informe", "un-informe")


def test_the_translation_of_what_is_public_waits_in_its_working_copy(client, publication):
    publish(publication)
    client.force_login(make_user("translator"))
    press(client, address(publication), title_es="Un informe")
    publication.refresh_from_db()
    assert (publication.title_es, publication.working_copy.title_es) == (None, "Un informe")
    assert Activity.objects.get().card_es["title"] == "A Report"


def test_only_the_fields_of_the_other_language_can_be_written(client, publication):
    client.force_login(make_user("translator"))
    sent = {name for name in form_at(client, address(publication)) if "-" not in name}
    assert sent == {
        "csrfmiddlewaretoken", "seen",
        "title_es", "subtitle_es", "summary_es", "body_es", "slug_es",
    }  # fmt: skip


def test_the_other_language_is_english_where_spanish_came_first(client):
    event = make_event(title="", title_es="Charla", summary_es="De qué trata.", source_language="es",
                       topics=[make_topic()], published=False)  # fmt: skip
    client.force_login(make_user("translator"))
    assert press(client, address(event), title_en="A Talk").status_code == 302
    event.refresh_from_db()
    assert (event.title_en, event.title_es) == ("A Talk", "Charla")
    press(client, address(event), title_en="A Talk", title_es="Otra")
    event.refresh_from_db()
    assert event.title_es == "Charla"


@pytest.mark.parametrize("language", ["en", "es"])
def test_what_is_sent_beside_that_changes_nothing(client, publication, language):
    client.force_login(make_user("translator"))
    before, topic = without_own_words(publication), make_topic("Land", "Tierra")
    tampered = {
        "title_en": "Mine", "summary_en": "Mine", "slug_en": "mine", "body_en": "Mine", "date": "1999",
        "source_language": "es", "doi": "10.1000/1", "status": "draft", "type": str(publication.type_id),
        "version": "9", "regions": [], "publication_topics-TOTAL_FORMS": "2",
        "publication_topics-0-DELETE": "on",
    }  # fmt: skip
    rows = row("publication_topics", 1, topic=topic.pk, position=1, publication=publication.pk)
    stored = publication.authorships.get()
    changed = {"id": stored.pk, "publication": publication.pk, "author": stored.author_id}
    rows |= row("authorships", 0, **changed, role="editor", affiliation="Mine", position=5)
    press(client, address(publication, language), **tampered, **rows, title_es="Un informe")
    assert without_own_words(publication) == before


def test_a_translator_adds_and_deletes_nothing(client, publication):
    client.force_login(make_user("translator"))
    assert client.get(address(publication, view="add")).status_code == 403
    assert client.post(address(publication, view="delete"), {"post": "yes"}).status_code == 403


def test_the_source_is_shown_as_it_reads(client, publication):
    client.force_login(make_user("translator"))
    assertContains(client.get(address(publication)), "<p>In <em>English</em></p>", html=True)


def test_a_draft_whose_source_lacks_its_title_is_refused_without_breaking(client):
    draft = make_publication(title="", published=False, topics=[make_topic()])
    client.force_login(make_user("translator"))
    page = press(client, address(draft), title_es="Sin original")
    assertContains(page, "Give the title in the language this is written in.")


def test_who_may_change_everything_has_every_field(client, publication):
    client.force_login(make_user("editor"))
    assert {"title_en", "title_es", "date", "doi"} <= form_at(client, address(publication)).keys()


def test_who_has_no_role_sees_nothing_of_it(client, publication):
    client.force_login(make_user(""))
    assert client.get(address(publication)).status_code == 403
    assertNotContains(client.get("/admin/"), "/admin/publications/")


def test_who_may_only_look_can_open_every_field_and_save_none(client, publication):
    user = make_user("")
    user.user_permissions.add(*view_permissions())
    client.force_login(user)
    assertContains(client.get(address(publication)), "<p>In <em>English</em></p>", html=True)
    assert client.post(address(publication), {"title_es": "Un informe"}).status_code == 403


def view_permissions():
    return Permission.objects.filter(codename="view_publication")
