import pytest
from django.contrib.auth.models import Permission
from django.contrib.messages import get_messages
from django.utils import translation
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from research_hub.activity.models import Activity
from research_hub.editorial.forms import NEEDS_A_TOPIC
from tests.factories import make_event, make_publication, make_topic, make_user

from .cast import Form, address, form_at, press, row

pytestmark = pytest.mark.django_db


def public_titles():
    return sorted(activity.card_en["title"] for activity in Activity.objects.all())


def said(page):
    return [str(message) for message in get_messages(page.wsgi_request)]


@pytest.fixture
def draft():
    return make_publication("A Draft", topics=[make_topic()], published=False)


@pytest.fixture(params=["en", "es"])
def language(request):
    return request.param


def test_a_publisher_saves_and_publishes_with_one_button(client, draft, language):
    client.force_login(user := make_user("publisher"))
    saved = press(client, address(draft, language), "_publish", title_en="The Report")
    assertRedirects(saved, address(draft, language, "changelist"))
    draft.refresh_from_db()
    assert (draft.is_published, draft.published_by, draft.updated_by) == (True, user, user)
    assert public_titles() == ["The Report"]


def test_a_new_entry_can_be_published_as_it_is_added(client):
    client.force_login(make_user("publisher"))
    url, topic = address(make_event(published=False), view="add"), make_topic()
    typed = {"title_en": "A Talk", "summary_en": "About water.", "date": "2020"}
    assert press(client, url, "_publish", **typed, **row("event_topics", 0, topic=topic.pk)).status_code == 302
    assert public_titles() == ["A Talk"]


def test_who_may_not_publish_has_no_such_button_and_is_refused(client, draft):
    client.force_login(make_user("editor"))
    assertNotContains(client.get(address(draft)), "_publish")
    for button in ("_publish", "_withdraw"):
        assert press(client, address(draft), button).status_code == 403
    assert press(client, address(draft)).status_code == 302
    draft.refresh_from_db()
    assert not draft.is_published


def test_what_is_missing_is_said_at_its_field_and_nothing_typed_is_lost(client, draft, language):
    client.force_login(make_user("publisher"))
    page = press(client, address(draft, language), "_publish", summary_en="", title_en="Typed just now")
    assert list(page.context["adminform"].form.errors) == ["summary_en"]
    assertContains(page, "Typed just now")
    draft.refresh_from_db()
    assert (draft.is_published, draft.title_en) == (False, "A Draft")


def test_an_entry_without_a_topic_is_saved_as_a_draft_but_not_published(client, language):
    draft = make_publication(published=False)
    client.force_login(make_user("publisher"))
    page = press(client, address(draft, language), "_publish")
    with translation.override(language):
        assertContains(page, NEEDS_A_TOPIC)
    assert press(client, address(draft, language)).status_code == 302


def test_what_is_wrong_in_a_column_that_the_form_does_not_show_is_said_too(client, draft):
    type(draft).objects.filter(pk=draft.pk).update(doi="not a DOI")
    user = make_user("translator")
    user.user_permissions.add(Permission.objects.get(codename="publish_publication"))
    client.force_login(user)
    assertContains(press(client, address(draft), "_publish"), "A DOI begins with 10.")
    assert public_titles() == []


def test_a_date_to_come_is_refused_to_a_publication(client, draft):
    client.force_login(make_user("publisher"))
    page = press(client, address(draft), "_publish", date="2999")
    assert list(page.context["adminform"].form.errors) == ["date"]


def test_a_live_entry_that_is_saved_is_public_at_once(client, language):
    live = make_publication(topics=[make_topic()])
    client.force_login(make_user("author"))
    press(client, address(live, language), title_en="A Better Report")
    assert public_titles() == ["A Better Report"]


def test_a_live_entry_cannot_lose_what_readers_need(client):
    live = make_publication(topics=[make_topic()])
    client.force_login(make_user("publisher"))
    page = press(client, address(live), **{"publication_topics-0-DELETE": "on"})
    assertContains(page, NEEDS_A_TOPIC)
    assert press(client, address(live), summary_en="").status_code == 200
    assert public_titles() == ["A Report"]


def test_withdrawing_takes_it_from_the_public_and_publishing_brings_it_back(client, language):
    live = make_publication(topics=[make_topic()])
    client.force_login(make_user("publisher"))
    press(client, address(live, language), "_withdraw")
    assert public_titles() == []
    assertContains(client.get(address(live, language)), "_publish")
    press(client, address(live, language), "_publish")
    assert public_titles() == ["A Report"]


def act(client, action, *entries, language="en"):
    data = {"action": action, "_selected_action": [entry.pk for entry in entries]}
    return client.post(address(entries[0], language, "changelist"), data)


def test_many_are_published_at_once_and_each_refusal_says_why(client, draft):
    without_topic = make_publication("Without Topic", published=False)
    without_summary = make_publication("Bare", topics=[make_topic()], published=False, summary_en="")
    client.force_login(make_user("publisher"))
    words = " ".join(said(act(client, "publish_chosen", draft, without_topic, without_summary)))
    assert public_titles() == ["A Draft"]
    assert "“Without Topic”: A public entry has at least one topic" in words
    assert "“Bare”: Summary [en]: Write the summary" in words


def test_who_may_not_publish_has_no_such_action(client, draft):
    client.force_login(make_user("editor"))
    assertNotContains(client.get(address(draft, view="changelist")), "publish_chosen")
    act(client, "publish_chosen", draft)
    assert public_titles() == []


def test_many_are_withdrawn_at_once(client, draft):
    live = make_publication(topics=[make_topic()])
    client.force_login(make_user("publisher"))
    words = " ".join(said(act(client, "withdraw_chosen", live, draft)))
    assert public_titles() == []
    assert "“A Draft”: This is not public." in words


def test_what_is_public_cannot_be_deleted_and_a_draft_can(client, draft):
    live = make_publication(topics=[make_topic()])
    client.force_login(make_user("administrator"))
    assertNotContains(client.get(address(live)), "deletelink")
    assert client.post(address(live, view="delete"), {"post": "yes"}).status_code == 403
    assert "“A Report” is public: withdraw it first." in said(act(client, "delete_selected", live, draft))
    assert type(live).objects.count() == 2

    assertContains(client.get(address(draft)), "deletelink")
    assert act(client, "delete_selected", draft).status_code == 200
    client.post(address(draft, view="delete"), {"post": "yes"})
    assert list(type(live).objects.all()) == [live]


def test_a_save_counts_and_names_who_saved(client, draft):
    client.force_login(user := make_user("author"))
    press(client, address(draft))
    press(client, address(draft))
    draft.refresh_from_db()
    assert (draft.version, draft.updated_by) == (2, user)


def test_saving_over_a_newer_save_is_refused_once_with_both_texts(client, draft, language):
    client.force_login(make_user("editor", username="ana"))
    opened = form_at(client, address(draft, language))
    press(client, address(draft, language), title_en="By Ana", summary_en="Ana's words")

    client.force_login(make_user("editor"))
    page = press(client, address(draft, language), sent=opened, title_en="By me")
    assertContains(page, "By Ana")
    assertContains(page, "By me")
    assertContains(page, "ana")
    draft.refresh_from_db()
    assert draft.title_en == "By Ana"

    again = press(client, address(draft, language), sent=Form(page.content.decode()).sent)
    assert again.status_code == 302
    draft.refresh_from_db()
    assert draft.title_en == "By me"
