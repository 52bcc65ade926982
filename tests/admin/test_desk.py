"""My desk, the admin's first page: to each what concerns them, and nothing they may not open."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation
from pytest_django.asserts import assertContains, assertNotContains

from research_hub.editorial.history import Revision
from research_hub.translation.models import Task
from tests.factories import make_author, make_event, make_publication, make_user

from .cast import address

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 2, 18, tzinfo=UTC)  # a Monday, noon in Mexico City


@pytest.fixture(autouse=True)
def _noon():
    with time_machine.travel(NOW, tick=False):
        yield


def make(title="An Entry", status="draft", make=make_publication, *, days_ago=0, **fields):
    """An entry that stands there; the clock says when it was last touched."""
    with time_machine.travel(NOW - timedelta(days=days_ago), tick=False):
        return make(title, published=False, status=status, **fields)


def live(title="Live", make=make_publication, **fields):
    entry = make(title)
    type(entry)._base_manager.filter(pk=entry.pk).update(**fields)
    return entry


def desk(client, user=None, language="en"):
    if user:
        client.force_login(user)
    with translation.override(language):
        page = client.get(reverse("admin:index"))
    assert page.status_code == 200
    return BeautifulSoup(page.content, "html.parser")


def shown(soup, code, heading=None) -> list[str]:
    """The titles in a section, or under one heading of it."""
    section = soup.find(attrs={"aria-labelledby": f"desk-{code}"})
    if section is None:
        return []
    if heading:
        found = section.find("h3", string=heading)
        section = found.find_next("ul") if found else BeautifulSoup("", "html.parser")
    return [item.a.get_text() for item in section.find_all("li")]


def words(soup, title) -> str:
    return soup.find("div", "desk").find("a", string=title).find_parent("li").get_text(" ", strip=True)


def test_who_is_not_logged_in_is_sent_to_the_log_in(client):
    make("Secret")
    page = client.get("/admin/", follow=True)
    assertContains(page, 'name="password"')
    assertNotContains(page, "Secret")


# Waits for me


def test_a_reviewer_finds_what_is_theirs_or_anybodys_and_not_what_is_given_to_another(client):
    editor, other = make_user("editor"), make_user("editor")
    make("For me", "in_review", assigned_to=editor)
    make("For anybody", "in_review", make_event)
    make("For another", "in_review", assigned_to=other)
    make("A draft")
    soup = desk(client, editor)
    assert sorted(shown(soup, "for-me", "To review")) == ["For anybody", "For me"]
    assert "for you" in words(soup, "For me")
    assert "for you" not in words(soup, "For anybody")


def test_what_somebody_changed_last_waits_for_other_eyes_but_an_administrators(client):
    for role, expected in [("editor", []), ("administrator", ["Mine"])]:
        user = make_user(role)
        entry = make("Mine", "in_review", updated_by=user)
        assert shown(desk(client, user), "for-me", "To review") == expected
        entry.delete()


@pytest.mark.parametrize("role", ["author", "translator"])
def test_who_does_not_review_finds_nothing_to_review(client, role):
    make("In review", "in_review")
    assert shown(desk(client, make_user(role)), "for-me") == []


def test_changes_are_asked_of_who_made_it_or_signed_it_and_of_nobody_else(client):
    author = make_user("author")
    make("Made", "changes_requested", created_by=author)
    make("Signed", "changes_requested", authors=[make_author("Ana", user=author)])
    make("Spoken", "changes_requested", make_event, speakers=[author.author])
    make("Of another", "changes_requested", created_by=make_user("author"))
    assert sorted(shown(desk(client, author), "for-me", "To change")) == ["Made", "Signed", "Spoken"]
    assert shown(desk(client, make_user("editor")), "for-me", "To change") == []


def test_a_working_copy_waits_for_who_signed_what_it_revises(client):
    author = make_user("author")
    entry = make_publication("Live", authors=[make_author("Ana", user=author)])
    make("Better", "changes_requested", revises=entry, slug_en="better")
    soup = desk(client, author)
    assert shown(soup, "for-me", "To change") == ["Better"]
    assert "working copy" in words(soup, "Better")


def test_a_publisher_finds_what_is_approved_and_has_no_time_and_an_editor_does_not(client):
    publisher = make_user("publisher")
    make("Approved", "approved")
    make("Planned", "approved", publish_at=NOW + timedelta(days=1), scheduled_by=publisher)
    assert shown(desk(client, publisher), "for-me", "To publish") == ["Approved"]
    assert shown(desk(client, make_user("editor")), "for-me") == []


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", ["2 days overdue", "1 day overdue", "due today", "due in 1 day", "due in 3 days"]),
        ("es", None),
    ],
)
def test_the_overdue_comes_first_and_says_so_in_words(client, language, said):
    for days in (3, None, -1, 0, 1, -2):
        due = {"due_on": NOW.date() + timedelta(days=days)} if days is not None else {}
        make(f"Due {days}", "in_review", make_event if days in (-1, 1) else make_publication, **due)
    soup = desk(client, make_user("editor"), language)
    order = ["Due -2", "Due -1", "Due 0", "Due 1", "Due 3", "Due None"]
    assert shown(soup, "for-me") == order
    for title, expected in zip(order, said or [], strict=False):
        assert expected in words(soup, title)
    assert [alarm.find_parent("li").a.get_text() for alarm in soup.select(".desk li strong")] == ["Due -2", "Due -1"]


# I wait for


def test_somebody_sees_what_of_theirs_is_with_others_and_with_whom(client):
    author, editor = make_user("author"), make_user("editor", username="eva")
    make("In review", "in_review", created_by=author, assigned_to=editor)
    make("Approved", "approved", make_event, updated_by=author)
    make("Of another", "in_review")
    soup = desk(client, author)
    assert sorted(shown(soup, "i-wait-for")) == ["Approved", "In review"]
    assert "with eva" in words(soup, "In review")


# The next four weeks


def plan(title, at, make_one=make_publication, **fields):
    return make(title, "approved", make_one, publish_at=at, scheduled_by=make_user("publisher"), **fields)


def test_the_calendar_has_publications_and_withdrawals_of_four_weeks_by_day_and_hour_of_the_site(client):
    plan("Late on Tuesday", datetime(2026, 3, 4, 5, 30, tzinfo=UTC))  # Wednesday already, by the clock of the world
    plan("On Tuesday", datetime(2026, 3, 3, 16, tzinfo=UTC), make_event)
    live("Leaving", withdraw_at=datetime(2026, 3, 20, 18, tzinfo=UTC), scheduled_by=make_user("publisher"))
    plan("Far away", NOW + timedelta(days=29))
    soup = desk(client, make_user("author"))
    assert shown(soup, "scheduled") == ["On Tuesday", "Late on Tuesday", "Leaving"]
    assert shown(soup, "scheduled", "Tuesday, March 3, 2026") == ["On Tuesday", "Late on Tuesday"]
    assert "publication at 11:30 p.m." in words(soup, "Late on Tuesday")
    assert "withdrawal at noon" in words(soup, "Leaving")
    assert "America/Mexico_City" in soup.find(attrs={"aria-labelledby": "desk-scheduled"}).get_text()


def test_the_calendar_speaks_spanish(client):
    plan("On Tuesday", datetime(2026, 3, 3, 16, tzinfo=UTC))
    assert shown(desk(client, make_user("author"), "es"), "scheduled", "Martes, 3 de marzo de 2026") == ["On Tuesday"]


# Missed its time


def test_a_publisher_finds_what_missed_its_time_and_an_editor_does_not(client):
    plan("Late", NOW - timedelta(minutes=5))
    plan("To come", NOW + timedelta(minutes=5))
    live("Still here", make_event, withdraw_at=NOW - timedelta(days=1), scheduled_by=make_user("publisher"))
    soup = desk(client, make_user("publisher"))
    assert shown(soup, "missed", "Its time has passed") == ["Still here", "Late"]
    assert "was to be published on March 2, 2026, 11:55 a.m." in words(soup, "Late")
    assert "was to be withdrawn on March 1, 2026" in words(soup, "Still here")
    assert shown(desk(client, make_user("editor")), "missed") == []


def fail(entry, *, days_ago=1, note="No author."):
    Revision.objects.create(
        uid=entry.main.uid, number=Revision.objects.count() + 1, model=entry._meta.label_lower, title=str(entry),
        step="publish_failed", status=entry.status, note=note, snapshot={}, made_at=NOW - timedelta(days=days_ago),
        is_copy=entry.is_working_copy,
    )  # fmt: skip


def test_what_could_not_be_published_is_told_once_with_the_reason_until_it_is_public_or_has_a_new_time(client):
    fail(plan("Failed", NOW - timedelta(days=1)))
    fail(make("Sent back", "changes_requested", make_event))
    fail(plan("New time", NOW + timedelta(days=1)))
    fail(make("Long ago", "approved"), days_ago=15)
    fail(make_publication("Public since"))
    public = make_publication("Public")
    type(public)._base_manager.filter(pk=public.pk).update(published_at=NOW - timedelta(days=9))
    fail(make("Its copy", "approved", revises=public, slug_en="copy"))
    soup = desk(client, make_user("publisher"))
    assert sorted(shown(soup, "missed")) == ["Failed", "Its copy", "Sent back"]
    assert "No author." in words(soup, "Sent back")


# Untouched, and drafts


def test_what_nobody_touched_for_sixty_days_is_shown_to_who_may_write_it(client):
    author = make_user("author")
    make("Mine", created_by=author, days_ago=61)
    make("Of another", make=make_event, days_ago=90)
    make("Its copy", revises=make_publication("Live"), slug_en="copy", days_ago=70)
    make("Fresh", created_by=author, days_ago=59)
    make("In review", "in_review", days_ago=99)
    assert shown(desk(client, author), "stale") == ["Mine"]
    assert shown(desk(client, make_user("editor")), "stale") == ["Of another", "Its copy", "Mine"]


def test_my_drafts_are_mine_the_last_changed_first(client):
    author = make_user("author")
    make("Older", created_by=author, days_ago=2)
    make("Newer", make=make_event, updated_by=author, days_ago=1)
    make("Of another", created_by=make_user("author"))
    make("Approved", "approved", created_by=author)
    assert shown(desk(client, author), "drafts") == ["Newer", "Older"]


# For all


def test_a_translator_sees_what_they_are_to_translate_and_no_steps_of_entries(client):
    translator = make_user("translator")
    for status in ("draft", "in_review", "changes_requested", "approved"):
        make(f"Is {status}", status, created_by=translator, assigned_to=translator, days_ago=61)
    plan("Planned", NOW + timedelta(days=1))
    given = make("To translate", "in_review")
    Task.objects.filter(uid=given.uid).update(assigned_to=translator)
    soup = desk(client, translator)
    assert [item.a.get_text() for item in soup.select(".desk li")] == ["To translate"]


def test_nobody_sees_an_entry_that_they_may_not_open(client):
    user = make_user("")
    for code in ("view", "change", "review", "publish", "override"):
        user.user_permissions.add(Permission.objects.get(codename=f"{code}_publication"))
    for one in (make_publication, make_event):
        name = one.__name__.removeprefix("make_")
        for status in ("draft", "in_review", "changes_requested", "approved"):
            make(f"{status} {name}", status, one, created_by=user, days_ago=61)
        fail(plan(f"failed {name}", NOW - timedelta(days=1), one))
        plan(f"planned {name}", NOW + timedelta(days=1), one)
    links = desk(client, user).select(".desk li a")
    assert len(links) == 10
    assert all(client.get(link["href"]).status_code == 200 for link in links)


def test_staff_without_a_role_have_an_empty_desk(client):
    make("In review", "in_review")
    plan("Planned", NOW + timedelta(days=1))
    soup = desk(client, make_user(""))
    assert soup.select(".desk section") == []


def test_a_title_in_the_other_language_says_so(client):
    author = make_user("author")
    make("", title_es="Un informe", created_by=author, source_language="es")
    row = desk(client, author).find("a", string="Un informe")
    assert row["lang"] == "es"
    assert desk(client, author, "es").find("a", string="Un informe").get("lang") is None


def test_a_title_is_shown_as_text(client):
    author = make_user("author")
    make("<script>alert(1)</script>", created_by=author)
    client.force_login(author)
    assertNotContains(client.get("/admin/"), "<script>alert(1)")


def test_twenty_are_shown_and_the_rest_is_a_link_away(client):
    editor = make_user("editor")
    for number in range(12):
        make(f"P{number}", "in_review")
        make(f"E{number}", "in_review", make_event)
    soup = desk(client, editor)
    assert len(shown(soup, "for-me")) == 20
    links = {link.get_text(): link["href"] for link in soup.select(".desk-more a")}
    assert set(links) == {"More publications", "More events"}
    for href, record in zip(links.values(), (make_publication(), make_event()), strict=True):
        found = client.get(href).context["cl"]
        assert found.queryset.count() == 12
        assert href.startswith(address(record, view="changelist"))


def queries(client):
    with CaptureQueriesContext(connection) as seen:
        desk(client)
    return len(seen)


@pytest.mark.parametrize(("role", "most"), [("author", 16), ("publisher", 33), ("translator", 15)])
def test_a_fuller_desk_takes_no_more_queries(client, role, most):
    user = make_user(role)
    author = make_author("Ana", user=user)
    desk(client, user)  # whatever is remembered between requests

    def fill(count):
        for number in range(count):
            for one, people in ((make_publication, "authors"), (make_event, "speakers")):
                editor = make_user("editor", username=f"{one.__name__}-{count}-{number}")
                for status in ("draft", "in_review", "changes_requested", "approved"):
                    who = {"created_by": user, "updated_by": editor, people: [author]}
                    make(f"{status} {number}", status, one, days_ago=61, **who)
                plan(f"Planned {number}", NOW + timedelta(days=number + 1), one)
                fail(plan(f"Failed {number}", NOW - timedelta(days=number + 1), one))

    fill(1)
    few = queries(client)
    fill(8)
    assert queries(client) == few <= most


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_desk_and_every_page_of_the_admin_lead_to_ones_notices(client, language):
    user = make_user("author")
    with translation.override(language):
        url = reverse("admin:my_notices")
    assert desk(client, user, language).select_one(f'.desk a[href="{url}"]')
    assertContains(client.get(address(make_publication(), language, "changelist")), f'href="{url}"')
