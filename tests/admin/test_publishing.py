"""Steps of the workflow as staff take them: buttons, pages, actions for many, and who is refused."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.contrib.messages import get_messages
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from publications.models import Publication
from research_hub.activity.models import Activity
from research_hub.editorial.history import Revision
from research_hub.editorial.versions import snapshot
from research_hub.editorial.workflow import STEPS, Answers, take
from tests.factories import make_author, make_event, make_publication, make_topic, make_user
from tests.pages import soup

from .cast import Form, address, form_at, press, row

pytestmark = pytest.mark.django_db


def public_titles():
    return sorted(activity.card_en["title"] for activity in Activity.objects.all())


def said(page):
    return [str(message) for message in get_messages(page.wsgi_request)]


def step_address(entry, code, language="en"):
    with translation.override(language):
        return reverse(f"admin:{entry._meta.app_label}_{entry._meta.model_name}_step", args=[entry.pk, code])


def step(client, entry, code, language="en", **answers):
    return client.post(step_address(entry, code, language), answers)


def complete(title="A Draft", make=make_publication, **fields):
    """A draft about which the checklist has nothing to say."""
    people = "authors" if make is make_publication else "speakers"
    return make(title, topics=[make_topic()], published=False, **{people: [make_author()]} | fields)


@pytest.fixture
def draft():
    return complete()


@pytest.fixture(params=["en", "es"])
def language(request):
    return request.param


def approved(entry):
    """Taken so far by an author and an editor."""
    author, editor = make_user("editor"), make_user("editor")
    take("submit", entry, by=author)
    take("approve", entry, by=editor)
    entry.refresh_from_db()
    return entry


def test_a_draft_goes_through_review_to_the_public(client, language):
    author, editor, publisher = make_user("author"), make_user("editor"), make_user("publisher")
    client.force_login(author)
    entry = complete(created_by=author, updated_by=author)
    opened = press(client, address(entry, language), "_step=submit", title_en="The Report")
    assertRedirects(opened, step_address(entry, "submit", language))
    step(client, entry, "submit", language, note="Please look at table 2")
    entry.refresh_from_db()
    assert entry.status == "in_review"

    client.force_login(editor)
    assertContains(client.get(address(entry, language, "history")), "Please look at table 2")
    step(client, entry, "approve", language)
    client.force_login(publisher)
    step(client, entry, "publish", language)
    entry.refresh_from_db()
    assert (entry.status, entry.published_by) == ("published", publisher)
    assert public_titles() == ["The Report"]


def test_nobody_approves_what_they_changed_last_but_an_administrator_and_that_is_written_down(client, draft):
    editor = make_user("editor")
    client.force_login(editor)
    press(client, address(draft), title_en="Mine")
    step(client, draft, "submit")
    refused = step(client, draft, "approve")
    assert refused.status_code == 403
    draft.refresh_from_db()
    assert draft.status == "in_review"

    client.force_login(make_user("editor"))
    step(client, draft, "approve")
    draft.refresh_from_db()
    assert draft.status == "approved"


def test_changes_are_requested_with_notes_that_stand_at_the_top_of_the_form(client, draft, language):
    author = make_user("author")
    Publication.objects.filter(pk=draft.pk).update(created_by=author)
    take("submit", draft, by=author)
    client.force_login(make_user("editor"))
    step(client, draft, "request_changes", language, note="Shorter, please", on_title_en="Name the year")
    client.force_login(author)
    page = client.get(address(draft, language))
    assertContains(page, "Shorter, please")
    assertContains(page, "Name the year")
    press(client, address(draft, language), title_en="A Draft of 2017")
    take("submit", draft, by=author)
    assertNotContains(client.get(address(draft, language)), "Shorter, please")


def test_what_is_approved_stays_as_it_was_approved(client, draft):
    approved(draft)
    client.force_login(make_user("administrator"))
    assertNotContains(client.get(address(draft)), 'name="_save"')
    assert client.post(address(draft), {"title_en": "Changed"}).status_code == 403
    step(client, draft, "take_back")
    assert press(client, address(draft), title_en="Changed").status_code == 302


def test_what_is_missing_is_said_at_the_step_and_nothing_is_lost(client, language):
    draft = make_publication(summary_en="", published=False)
    author = make_user("editor")
    client.force_login(author)
    labels = [
        label.get_text() for label in soup(client.get(step_address(draft, "submit", language))).select("form label")
    ]
    assert len(labels) == 3
    page = step(client, draft, "submit", language, note="Typed just now")
    assert page.status_code == 200
    assertContains(page, "Typed just now")
    with translation.override(language):
        assertContains(page, translation.gettext("Write the summary that lists show."))
    draft.refresh_from_db()
    assert draft.status == "draft"


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"summary_en": ""}, "Write the summary that lists show."),
        ({"authors": []}, "author"),
        ({"date": ""}, "Give the date as far as it is known"),
    ],
)
def test_what_is_not_finished_is_neither_submitted_nor_approved_nor_published(client, fields, words):
    draft = complete(**fields)
    client.force_login(make_user("editor"))
    assertContains(step(client, draft, "submit"), words)
    draft = complete("Spoilt later")
    take("submit", draft, by=make_user("editor"))
    Publication.objects.filter(pk=draft.pk).update(summary_en="")
    assertContains(step(client, draft, "approve"), "Write the summary that lists show.")
    assert public_titles() == []


def test_what_is_dated_tomorrow_is_approved_today_but_published_when_the_day_has_come(client):
    tomorrow = timezone.localdate() + timedelta(days=1)
    draft = approved(complete(date=tomorrow.isoformat()))
    client.force_login(make_user("publisher"))
    assertContains(step(client, draft, "publish"), "This is dated in the future")
    early = timezone.now() + timedelta(hours=1)
    if timezone.localdate(early) < tomorrow:
        answers = {
            "moment_0": f"{timezone.localtime(early):%Y-%m-%d}",
            "moment_1": f"{timezone.localtime(early):%H:%M}",
        }
        assertContains(step(client, draft, "schedule", **answers), "This is dated in the future")
    assert step(client, draft, "schedule", moment_0=tomorrow.isoformat(), moment_1="23:59").status_code == 302


def test_an_author_changes_and_submits_only_what_is_their_own(client, draft):
    mine = complete("Mine")
    author = make_user("author")
    Publication.objects.filter(pk=mine.pk).update(created_by=author)
    client.force_login(author)
    assert press(client, address(mine), title_en="Better").status_code == 302
    assertNotContains(client.get(address(draft)), 'name="_save"')
    assert client.post(address(draft), {"title_en": "Stolen"}).status_code == 403
    assert step(client, draft, "submit").status_code == 403
    assert step(client, mine, "submit").status_code == 302


def test_who_stands_in_the_byline_may_write(client):
    user = make_user("author")
    entry = complete(authors=[make_author("Ana", user=user)])
    client.force_login(user)
    assert press(client, address(entry), title_en="By Ana").status_code == 302


def test_a_reviewer_may_correct_what_is_in_review_and_its_author_may_not(client, draft):
    author = make_user("author")
    Publication.objects.filter(pk=draft.pk).update(created_by=author)
    take("submit", draft, by=author)
    client.force_login(author)
    assert client.post(address(draft), {"title_en": "Late"}).status_code == 403
    client.force_login(make_user("editor"))
    assert press(client, address(draft), title_en="Corrected").status_code == 302


@pytest.mark.parametrize("role", ["author", "editor"])
def test_who_may_not_publish_is_refused(client, draft, role):
    approved(draft)
    client.force_login(make_user(role))
    assertNotContains(client.get(address(draft)), step_address(draft, "publish"))
    for code in ("publish", "schedule"):
        assert step(client, draft, code).status_code == 403
    assert public_titles() == []


def test_a_draft_is_handed_to_an_author_who_may_write_it_from_then_on(client, draft, mailoutbox):
    author = make_user("author", email="ana@example.org")
    client.force_login(author)
    assert client.post(address(draft), {"title_en": "Mine"}).status_code == 403
    client.force_login(make_user("editor"))
    step(client, draft, "assign", assigned_to=author.pk, due_on="2999-01-01", note="Please finish this")
    client.force_login(author)
    assertContains(client.get("/admin/"), "A Draft")
    assert press(client, address(draft), title_en="By Ana").status_code == 302
    step(client, draft, "submit")
    draft.refresh_from_db()
    assert (draft.assigned_to, draft.due_on) == (None, None)


def test_an_entry_is_handed_only_to_who_can_do_something_with_it(client, draft):
    client.force_login(make_user("editor"))
    translator, author = make_user("translator"), make_user("author")
    assert step(client, draft, "assign", assigned_to=translator.pk).status_code == 200
    take("submit", draft, by=make_user("editor"))
    assert step(client, draft, "assign", assigned_to=author.pk).status_code == 200
    draft.refresh_from_db()
    assert draft.assigned_to is None


def test_who_wrote_any_of_it_does_not_approve_it_though_somebody_else_changed_it_last(client, draft):
    writer, other = make_user("editor"), make_user("editor")
    client.force_login(writer)
    press(client, address(draft), title_en="Mine")
    client.force_login(make_user("publisher"))
    press(client, address(draft), title_es="Mío")
    take("submit", draft, by=writer)
    client.force_login(writer)
    assert step(client, draft, "approve").status_code == 403
    client.force_login(other)
    assert step(client, draft, "approve").status_code == 302


def test_a_step_is_not_taken_with_a_text_that_was_changed_since_its_page_was_opened(client, draft):
    take("submit", draft, by=make_user("editor"))
    reviewer = make_user("editor")
    client.force_login(reviewer)
    opened = form_at(client, step_address(draft, "approve"))
    client.force_login(make_user("editor"))
    press(client, address(draft), title_en="Changed meanwhile")
    client.force_login(reviewer)
    assertContains(client.post(step_address(draft, "approve"), opened), "It was changed after you opened this page")
    draft.refresh_from_db()
    assert draft.status == "in_review"


@pytest.mark.parametrize("code", ["publish", "discard"])
def test_who_comes_second_is_told_that_it_is_gone(live, code):
    editor = make_user("administrator")
    copy = live.work_on(snapshot(live), by=editor)
    take("submit", copy, by=make_user("editor"))
    take("approve", copy, by=editor)
    take("publish", copy, by=editor)
    with pytest.raises(ValidationError, match="It is gone"):
        take(code, copy, by=editor)


def test_without_scripts_a_record_is_chosen_by_its_number(client, draft):
    land = make_topic("Land", "Tierra")
    client.force_login(make_user("editor"))
    box = soup(client.get(address(draft))).select_one('noscript input[name="publication_topics-1-topic"]')
    assert box["aria-label"]
    assert press(client, address(draft), **row("publication_topics", 1, topic=["", land.pk])).status_code == 302
    assert land in draft.topics.all()


def test_what_was_typed_is_shown_where_it_comes_too_late(client, draft, live, language):
    writer = make_user("editor")
    client.force_login(writer)
    opened = form_at(client, address(draft, language))
    approved(draft)
    page = press(client, address(draft, language), sent=opened, body_en="<p>Hours of work</p>")
    assertContains(page, "&lt;p&gt;Hours of work&lt;/p&gt;", status_code=403)

    copy = live.work_on(snapshot(live), by=make_user("editor"))
    opened = form_at(client, address(copy, language))
    take("publish", approved(copy), by=make_user("publisher"))
    page = press(client, address(copy, language), sent=opened, summary_en="Hours of work")
    assertContains(page, "Hours of work", status_code=403)
    client.force_login(make_user(""))
    assertNotContains(client.post(address(draft), {"title_en": "Mine"}), "Mine", status_code=403)


def test_two_rows_exchange_their_topics(client, draft):
    land, water = make_topic("Land", "Tierra"), draft.topics.get()
    draft.publication_topics.create(topic=land, position=1)
    client.force_login(make_user("editor"))
    places = row("publication_topics", 0, topic=land.pk) | row("publication_topics", 1, topic=water.pk)
    assert press(client, address(draft), **places).status_code == 302
    assert [str(one) for one in draft.publication_topics.in_order()] == ["Land", "Water"]


def test_a_moment_at_the_end_of_time_is_refused_in_words(client, draft):
    approved(draft)
    client.force_login(make_user("publisher"))
    assertContains(step(client, draft, "schedule", moment_0="9999-12-31", moment_1="23:59"), "Write a year from")


def test_a_stale_form_of_the_public_entry_takes_nothing_back_in_the_working_copy(client, live):
    other = make_user("editor")
    client.force_login(other)
    opened = form_at(client, address(live))
    client.force_login(make_user("editor"))
    press(client, address(live), title_en="New", body_en="<p>Days of work</p>")
    client.force_login(other)
    refused = press(client, address(live), sent=opened, title_es="Vivo")
    press(client, address(live), sent=Form(refused.content.decode()).sent)
    copy = copy_of(live)
    assert (copy.title_en, copy.title_es, copy.body_en) == ("New", "Vivo", "<p>Days of work</p>")


def test_a_withdrawal_takes_away_the_time_of_the_next_version_and_one_that_is_planned_outlives_it(client, live):
    publisher, later = make_user("publisher"), timezone.now() + timedelta(days=2)
    copy = approved(live.work_on(snapshot(live), by=make_user("editor")))
    take("schedule", copy, by=publisher, answers=Answers(moment=later))
    take("withdraw", live, by=publisher, answers=Answers(reason_en="A court order."))
    copy.refresh_from_db()
    assert (copy.status, copy.publish_at) == ("approved", None)

    take("publish", copy, by=publisher)
    live.refresh_from_db()
    take("plan_withdrawal", live, by=publisher, answers=Answers(moment=later, reason_en="The licence ends."))
    take("publish", approved(live.work_on(snapshot(live), by=make_user("editor"))), by=publisher)
    live.refresh_from_db()
    assert (live.withdraw_at, live.reason_en) == (later, "The licence ends.")


def test_the_steps_of_the_live_page_are_offered_beside_its_working_copy(client, live):
    copy = live.work_on(snapshot(live), by=make_user("editor"))
    client.force_login(make_user("publisher"))
    assertContains(client.get(address(copy)), step_address(live, "withdraw"))
    client.force_login(make_user("author"))
    assertNotContains(client.get(address(copy)), step_address(live, "withdraw"))


def test_what_was_said_on_handing_it_on_stands_above_the_form(client, draft):
    take("submit", draft, by=make_user("editor"), answers=Answers(note="Please look at table 2"))
    client.force_login(make_user("editor"))
    assertContains(client.get(address(draft)), "Please look at table 2")


def test_a_refusal_says_why_in_the_language_of_the_page(client, draft, language):
    client.force_login(make_user("editor"))
    with translation.override(language):
        reason = translation.gettext("This cannot be done now: it is “%s”.") % translation.gettext("Draft")
    assertContains(step(client, draft, "publish", language), reason, status_code=403)
    visitor = Client(enforce_csrf_checks=True)
    visitor.force_login(make_user("editor"))
    with translation.override(language):
        assertContains(step(visitor, draft, "submit", language), translation.gettext("Not sent"), status_code=403)


def test_publishing_without_review_is_for_administrators(client, draft):
    client.force_login(make_user("publisher"))
    assert step(client, draft, "publish_unreviewed").status_code == 403
    client.force_login(make_user("administrator"))
    assert step(client, draft, "publish_unreviewed").status_code == 302
    assert public_titles() == ["A Draft"]


def test_an_event_goes_the_same_way(client):
    event = approved(complete("A Talk", make_event))
    client.force_login(make_user("publisher"))
    step(client, event, "publish")
    assert public_titles() == ["A Talk"]


@pytest.mark.parametrize("field", ["cover", "regions", "series", "publication_topics-0-topic", "authorships-0-author"])
def test_a_key_that_is_none_is_refused_in_words(client, draft, field, language):
    client.force_login(make_user("editor"))
    page = press(client, address(draft, language), **{field: "abc"})
    assert page.status_code == 200
    assert page.context["errors"]


# What is public


@pytest.fixture
def live():
    return make_publication("Live", topics=[make_topic()], authors=[make_author()])


def copy_of(entry):
    return Publication.objects.filter(revises=entry).first()


def test_editing_what_is_public_makes_a_working_copy_and_readers_see_no_change(client, live, language):
    client.force_login(make_user("editor"))
    assertContains(client.get(address(live, language)), 'class="working-copy"')
    assert copy_of(live) is None
    saved = press(
        client,
        address(live, language),
        "_continue",
        title_en="Better",
        **row("authorships", 1, author=make_author("Eva").pk),
    )
    copy = copy_of(live)
    assertRedirects(saved, address(copy, language))
    assert [str(author) for author in copy.authorships.in_order()] == ["Ana García", "Eva"]
    assert live.authorships.count() == 1
    live.refresh_from_db()
    assert live.title_en == "Live"
    assert public_titles() == ["Live"]
    assertContains(client.get("/publications/live/"), "Live")
    assert client.get("/publications/better/").status_code == 404


def test_the_copy_is_opened_from_then_on_and_the_list_shows_one_row(client, live):
    client.force_login(make_user("editor"))
    press(client, address(live), title_en="Better")
    copy = copy_of(live)
    assertRedirects(client.get(address(live)), address(copy))
    page = client.get(address(live, view="changelist"))
    assert [entry.pk for entry in page.context["cl"].result_list] == [live.pk]
    assertContains(page, '<span class="state is-published">Published</span>', html=True)
    assertContains(page, '<span class="state is-draft">working copy: Draft</span>', html=True)
    assertContains(page, "<h1>Publications</h1>", html=True)


def test_publishing_a_copy_keeps_number_name_and_address_and_the_copy_is_gone(client, live):
    file = live.downloads.create(language="en", file="downloads/a.pdf", label_en="Whole")
    client.force_login(make_user("editor"))
    press(client, address(live), title_en="Better", summary_en="Words.", **{"authorships-0-role": "editor"})
    copy = copy_of(live)
    step(client, copy, "submit")
    client.force_login(make_user("publisher"))
    step(client, copy, "approve")
    step(client, copy, "publish")
    before = (live.pk, live.uid, live.slug_en)
    live.refresh_from_db()
    assert (live.pk, live.uid, live.slug_en) == before
    assert live.authorships.get().role == "editor"
    assert live.downloads.get() == file
    assert copy_of(live) is None
    assert public_titles() == ["Better"]


def test_a_form_of_a_public_entry_saved_unchanged_makes_no_copy(client, live):
    client.force_login(make_user("editor"))
    assert press(client, address(live)).status_code == 302
    assert copy_of(live) is None
    assert not Revision.objects.exists()


def test_a_copy_is_discarded_and_the_live_entry_stays(client, live):
    client.force_login(make_user("editor"))
    press(client, address(live), title_en="Worse")
    step(client, copy_of(live), "discard", note="Not needed")
    assert copy_of(live) is None
    assert public_titles() == ["Live"]


def test_two_who_open_a_public_entry_do_not_overwrite_each_other(client, live, language):
    client.force_login(make_user("editor", username="ana"))
    opened = form_at(client, address(live, language))
    press(client, address(live, language), title_en="By Ana")

    client.force_login(make_user("editor"))
    page = press(client, address(live, language), sent=opened, title_en="By me")
    assertContains(page, "By Ana")
    assertContains(page, "By me")
    assert copy_of(live).title_en == "By Ana"
    again = press(client, address(live, language), sent=Form(page.content.decode()).sent)
    assert again.status_code == 302
    assert copy_of(live).title_en == "By me"


def test_withdrawing_needs_a_reason_for_readers_and_restoring_brings_it_back(client, live, language):
    client.force_login(make_user("publisher"))
    assert step(client, live, "withdraw", language).status_code == 200
    assert public_titles() == ["Live"]
    step(client, live, "withdraw", language, reason_en="A table was wrong.")
    assert public_titles() == []
    Publication.objects.filter(pk=live.pk).update(withdrawn_at=datetime(2026, 11, 30, 12, tzinfo=UTC))
    page = client.get("/publications/live/")
    assertContains(page, "was withdrawn on November 30, 2026.", status_code=410)
    assertContains(page, "A table was wrong.", status_code=410)
    step(client, live, "restore", language)
    assert public_titles() == ["Live"]


def test_what_is_public_cannot_be_deleted_and_a_draft_can_and_comes_back(client, draft, live):
    client.force_login(make_user("administrator"))
    assertNotContains(client.get(address(live)), "deletelink")
    assert client.post(address(live, view="delete"), {"post": "yes"}).status_code == 403
    assert "“Live” cannot be deleted" in " ".join(said(act(client, "delete_selected", live, draft)))
    assert Publication.objects.count() == 2

    client.post(address(draft, view="delete"), {"post": "yes"})
    assert list(Publication.objects.all()) == [live]
    assertContains(client.get(address(draft, view="changelist")), "/admin/publications/publication/deleted/")
    assertContains(client.get("/admin/publications/publication/deleted/"), f'action="{draft.uid}/"')
    client.post(f"/admin/publications/publication/deleted/{draft.uid}/")
    back = Publication.objects.get(uid=draft.uid)
    assert (back.title_en, back.status, back.topics.count(), back.authors.count()) == ("A Draft", "draft", 1, 1)


def test_after_ninety_days_a_deleted_draft_is_not_offered_any_more(client, draft):
    client.force_login(make_user("administrator"))
    client.post(address(draft, view="delete"), {"post": "yes"})
    with time_machine.travel(timezone.now() + timedelta(days=91)):
        client.force_login(make_user("administrator"))
        assertNotContains(client.get("/admin/publications/publication/deleted/"), f'action="{draft.uid}/"')
        assert client.post(f"/admin/publications/publication/deleted/{draft.uid}/").status_code == 404


def act(client, action, *entries, language="en"):
    data = {"action": action, "_selected_action": [entry.pk for entry in entries]}
    return client.post(address(entries[0], language, "changelist"), data)


def test_many_are_published_at_once_and_each_refusal_says_why(client, draft):
    approved(draft)
    unapproved = complete("Unapproved")
    client.force_login(make_user("publisher"))
    words = " ".join(said(act(client, "publish_chosen", draft, unapproved)))
    assert public_titles() == ["A Draft"]
    assert "“Unapproved”: This cannot be done now: it is “Draft”." in words


def test_who_may_not_publish_has_no_such_action(client, draft):
    approved(draft)
    client.force_login(make_user("editor"))
    assertNotContains(client.get(address(draft, view="changelist")), "publish_chosen")
    act(client, "publish_chosen", draft)
    assert public_titles() == []


def test_a_save_counts_and_names_who_saved_and_one_without_a_change_does_not(client, draft):
    client.force_login(user := make_user("editor"))
    press(client, address(draft), title_en="Once")
    press(client, address(draft))
    draft.refresh_from_db()
    assert (draft.version, draft.updated_by) == (1, user)
    assert Revision.objects.get().made_by == user


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


# History


def test_an_older_version_comes_back_into_the_form(client, draft, language):
    client.force_login(make_user("editor"))
    first, second = draft.topics.get(), make_topic("Land", "Tierra")
    press(client, address(draft, language), title_en="One")
    press(client, address(draft, language), title_en="Two", **{"publication_topics-0-topic": second.pk})
    assertContains(client.get(address(draft, language, "history")), "/restore/1/")
    client.post(address(draft, language, "change").replace("change/", "restore/1/"))
    draft.refresh_from_db()
    assert (draft.title_en, draft.topics.get()) == ("One", first)


def test_an_older_version_of_what_is_public_comes_back_into_its_working_copy(client, live):
    client.force_login(make_user("administrator"))
    press(client, address(live), title_en="Second")
    step(client, copy_of(live), "publish_unreviewed")
    press(client, address(live), title_en="Third")
    step(client, copy_of(live), "publish_unreviewed")
    oldest = Revision.objects.order_by("number").first()
    client.post(address(live).replace("change/", f"restore/{oldest.number}/"))
    assert copy_of(live).title_en == "Second"
    assert public_titles() == ["Third"]


def test_who_may_not_write_brings_nothing_back(client, draft):
    client.force_login(make_user("editor"))
    press(client, address(draft), title_en="One")
    client.force_login(make_user("author"))
    assert client.post(address(draft).replace("change/", "restore/1/")).status_code == 403
    client.force_login(make_user("editor"))
    assert client.get(address(draft).replace("change/", "restore/1/")).status_code == 405
    assert client.post(address(draft).replace("change/", "restore/99/")).status_code == 404


def test_two_versions_are_compared_word_by_word(client, live, language):
    client.force_login(make_user("editor"))
    press(client, address(live, language), summary_en="What Live really says.")
    page = client.get(address(copy_of(live), language).replace("change/", "compare/"))
    assertContains(page, '<span lang="en">really </span></ins>')


def test_what_is_planned_for_a_moment_that_is_past_is_refused(client, draft):
    approved(draft)
    client.force_login(make_user("publisher"))
    page = step(client, draft, "schedule", moment_0="2017-08-31", moment_1="10:00")
    assertContains(page, "Choose a moment that is still to come.")
    draft.refresh_from_db()
    assert draft.publish_at is None


def test_every_step_has_words_in_both_languages():
    for one in STEPS.values():
        with translation.override("en"):
            english = (str(one.label), str(one.done))
        with translation.override("es"):
            assert (str(one.label), str(one.done)) != english
            assert "%s" in str(one.done)


def test_a_step_that_is_refused_for_what_is_missing_leaves_no_trace(draft):
    draft.topics.clear()
    with pytest.raises(Exception, match="topic"):
        take("submit", draft, by=make_user("editor"), answers=Answers(note="x"))
    assert not Revision.objects.exists()


# The checklist while one types


def test_the_checklist_follows_what_is_typed_and_keeps_nothing_of_it(client, draft, language):
    client.force_login(make_user("editor"))
    answer = press(client, address(draft, language), "_check", summary_en="", title_en="Typed")
    assert answer["X-Checklist"]
    with translation.override(language):
        assertContains(answer, translation.gettext("Write the summary that lists show."))
    draft.refresh_from_db()
    assert (draft.title_en, draft.version) == ("A Draft", 0)
    assert not Revision.objects.exists()
    assert said(client.get(address(draft, language))) == []


def test_the_checklist_follows_a_form_that_was_never_saved_and_one_of_what_is_public(client, live):
    client.force_login(make_user("editor"))
    answer = press(client, address(live, view="add"), "_check", title_en="New", type=live.type_id)
    assertContains(answer, "Write the summary that lists show.")
    assertContains(press(client, address(live), "_check", summary_en=""), "Write the summary that lists show.")
    assert Publication.objects.count() == 1


def test_the_checklist_of_a_form_that_cannot_be_saved_says_so(client, draft):
    client.force_login(make_user("editor"))
    assertContains(press(client, address(draft), "_check", date="31/31/2017"), "waits until the form can be saved")
