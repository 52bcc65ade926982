"""The queue of translations: exact, narrowed by what a translator asks for, and leading on."""

from datetime import date

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django.asserts import assertContains, assertNotContains

from research_hub.editorial.models import AuditEntry
from research_hub.translation.models import Task
from tests.factories import make_event, make_publication, make_topic, make_user

from .desk import fields, page_of, send

pytestmark = pytest.mark.django_db
QUEUE = "/admin/translation/"


@pytest.fixture
def translator(client):
    user = make_user("translator")
    client.force_login(user)
    return user


def titles(client, **query) -> list[str]:
    page = BeautifulSoup(client.get(QUEUE, query).content, "html.parser")
    return [link.get_text() for link in page.select("tbody th a")]


def counts(client, **query) -> dict[str, str]:
    page = BeautifulSoup(client.get(QUEUE, query).content, "html.parser")
    return {item.span.get_text(): " ".join(item.a.get_text(" ").split()) for item in page.select(".queue-states li")}


@pytest.mark.parametrize(
    ("query", "is_open"),
    [
        ({}, False),
        ({"state": "missing", "q": "x"}, False),
        ({"assigned": "me", "stage": "all"}, False),
        ({"words": "20"}, True),
        ({"due": "nonsense"}, True),
    ],
)
def test_the_rarer_filters_are_folded_away_until_one_is_in_use(client, translator, query, is_open):
    form = BeautifulSoup(client.get(QUEUE, query).content, "html.parser").select_one("form.queue-filter")
    assert form.details.has_attr("open") == is_open
    seen = [field["name"] for field in form.select("input, select")]
    folded = [field["name"] for field in form.details.select("input, select")]
    assert seen == ["q", "state", "language", "assigned", "stage", *folded]
    assert sorted(folded) == ["due", "order", "text", "topic", "type", "words"]


def plan(entry, **values):
    Task.objects.filter(uid=entry.uid).update(**values)


def test_finished_originals_with_something_left_are_shown_and_drafts_on_demand(client, translator):
    make_publication("Public")
    make_publication("Draft", published=False)
    make_publication("Withdrawn").withdraw(by=make_user(), reason_en="x")
    assert titles(client) == ["Public"]
    assert titles(client, stage="all") == ["Public", "Draft"]
    assert titles(client, stage="public") == ["Public"]


@pytest.mark.parametrize(("language", "word"), [("en", "Missing"), ("es", "Falta")])
def test_each_text_has_its_state_in_the_language_of_the_page(client, translator, language, word):
    make_publication("One", title_es="Uno")
    prefix = "" if language == "en" else "/es"
    page = BeautifulSoup(client.get(f"{prefix}{QUEUE}").content, "html.parser")
    cells = [cell.get_text(strip=True) for cell in page.select("tbody td")]
    assert word in cells


def test_the_queue_is_narrowed_by_everything_at_once(client, translator):
    topic, other = make_topic("Water", "Agua"), make_topic("Land", "Tierra")
    one = make_publication("One", topics=[topic], title_es="Uno")
    two = make_event("Two", topics=[topic, other])
    make_publication("Three", topics=[other], summary_en="Many words that are to be translated by somebody soon.")
    plan(one, assigned_to=translator, due_on=date(2020, 1, 1))
    plan(two, reads=7)
    assert titles(client, topic=topic.pk) == ["One", "Two"]
    assert titles(client, state="unverified") == ["One"]
    assert titles(client, state="missing", text="title") == ["Two", "Three"]
    assert titles(client, text="title", topic=topic.pk) == ["One", "Two"]
    assert titles(client, type="event") == ["Two"]
    assert titles(client, type=f"publication.{one.type_id}", topic=topic.pk) == ["One"]
    assert titles(client, assigned="me") == ["One"]
    assert titles(client, assigned="nobody", q="thr") == ["Three"]
    assert titles(client, due="overdue") == ["One"]
    assert titles(client, words=8) == ["One", "Two"]
    assert titles(client, q="uno") == ["One"]
    assert titles(client, q=two.uid) == ["Two"]
    assert titles(client, order="reads")[0] == "Two"
    assert titles(client, language="en") == []


def test_a_filter_that_cannot_be_understood_says_so_and_the_others_stay(client, translator):
    make_publication("One")
    make_event("Two")
    page = client.get(QUEUE, {"topic": "x", "type": "event"})
    assertContains(page, "errorlist")
    assertContains(page, "Two")
    assertNotContains(page, ">One<")


def test_texts_and_words_are_counted_in_each_state_of_what_the_filter_finds(client, translator):
    make_publication("One Report", title_es="Un informe")
    make_event("Two")
    assert counts(client)["Missing"] == "Missing 3 texts 9 words"
    assert counts(client)["Unverified"] == "Unverified 1 text 2 words"
    assert counts(client, type="event")["Missing"] == "Missing 2 texts 5 words"
    assert counts(client, type="event", state="missing")["Unverified"] == "Unverified 0 texts 0 words"


def test_next_takes_what_is_owed_soonest_then_what_readers_meet_most(client, translator):
    quiet, read, owed = make_publication("Quiet"), make_publication("Read"), make_publication("Owed")
    other = make_publication("Of another")
    plan(read, reads=9)
    plan(owed, due_on=date(2999, 1, 1))
    plan(other, assigned_to=make_user("translator"), due_on=date(2020, 1, 1))
    visited = []
    for _turn in range(3):
        address = client.get(f"{QUEUE}next/")["Location"]
        visited.append(address)
        client.get(address)
    assert visited == [page_of(entry) for entry in (owed, read, quiet)]


def test_save_and_go_on_leads_to_the_next_within_the_same_filter(client, translator):
    first, second = make_publication("First"), make_event("Second")
    make_publication("Third")
    sent = fields(client.get(page_of(second))) | {"do": "next", "title-words": "Dos"}
    answer = client.post(f"{page_of(second)}?type=publication", sent)
    assert answer["Location"] == f"{QUEUE}next/?type=publication&after={second.uid}"
    assert client.get(answer["Location"])["Location"] == f"{page_of(Task.objects.latest('pk'))}?type=publication"
    assert first


def test_where_nothing_is_left_next_says_so(client, translator):
    assertContains(client.get(f"{QUEUE}next/", follow=True), "Nothing is left to be translated here.")


def test_a_translator_takes_what_is_free_and_nothing_that_is_another_s(client, translator):
    entry, taken = make_publication("Free"), make_publication("Taken")
    somebody = make_user("translator")
    plan(taken, assigned_to=somebody)
    assert send(client, entry, "take").status_code == 302
    assert send(client, taken, "take").status_code == 403
    assert Task.objects.get(uid=entry.uid).assigned_to == translator
    assert Task.objects.get(uid=taken.uid).assigned_to == somebody


def test_an_editor_hands_out_many_at_once_and_a_translator_may_not(client, translator):
    entries = [make_publication("One"), make_publication("Two")]
    sent = {"uids": [entry.uid for entry in entries], "assigned_to": translator.pk, "due_on": "2999-01-02"}
    assert client.post(QUEUE, sent).status_code == 403
    client.force_login(make_user("editor"))
    assert client.post(QUEUE, sent).status_code == 302
    assert set(Task.objects.values_list("assigned_to", "due_on")) == {(translator.pk, date(2999, 1, 2))}
    assert AuditEntry.objects.filter(action="translation_planned").count() == 2
    assertContains(client.post(QUEUE, {"due_on": "2999-01-02"}, follow=True), "Tick the entries that you mean")


def test_an_editor_plans_on_the_page_of_a_text_and_a_translator_may_not(client, translator):
    entry = make_publication("One")
    assert send(client, entry, "plan", due_on="2999-01-02").status_code == 403
    client.force_login(make_user("editor"))
    send(client, entry, "plan", due_on="2999-01-02", assigned_to=translator.pk, is_held="on")
    task = Task.objects.get()
    assert (task.due_on, task.assigned_to, task.is_held) == (date(2999, 1, 2), translator, True)


def test_a_fuller_queue_takes_no_more_queries(client, translator):
    def queries():
        with CaptureQueriesContext(connection) as seen:
            assert client.get(QUEUE).status_code == 200
        return len(seen)

    make_publication("One", topics=[make_topic()])
    make_event("Two")
    few = queries()
    for number in range(20):
        make_publication(f"Entry {number}")
        make_event(f"Event {number}")
    assert queries() == few <= 20


@pytest.mark.parametrize("language", ["en", "es"])
def test_progress_is_shown_by_language_and_topic_and_week(client, translator, language):
    with time_machine.travel("2026-03-02 18:00Z"):
        entry = make_publication("One Report", topics=[make_topic("Water", "Agua")], title_es="Uno", summary_en="")
    with time_machine.travel("2026-03-16 18:00Z"):
        entry.summary_en = "Three more words."
        entry.save()
        page = client.get(("" if language == "en" else "/es") + f"{QUEUE}progress/")
    assertContains(page, "Water" if language == "en" else "Agua")
    days = [
        [cell.get_text() for cell in row.select("td")]
        for row in BeautifulSoup(page.content, "html.parser").select("details tr")
    ]
    assert [words for _day, words in filter(None, days)] == ["2", "2", "5"]


def test_what_is_no_name_of_an_entry_is_passed_over(client, translator):
    entry = make_publication("One")
    assert client.get(f"{QUEUE}next/?after=nothing")["Location"] == page_of(entry)
    assert client.get(f"{QUEUE}next/?after=%00").status_code == 400
    client.force_login(make_user("editor"))
    assert client.post(QUEUE, {"uids": ["\0"], "due_on": "2999-01-02"}).status_code == 302
