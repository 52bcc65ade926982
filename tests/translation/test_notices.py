"""Who is told of what happens to a translation."""

from datetime import date

import pytest
import time_machine
from django.core.management import call_command

from research_hub.editorial.models import Notice
from research_hub.translation.models import Task
from tests.factories import make_publication, make_user

from .desk import send

pytestmark = pytest.mark.django_db


def person(role: str):
    return make_user(role, email=f"{role}@example.org")


def told() -> set[tuple[str, str]]:
    return set(Notice.objects.values_list("step", "recipient__email"))


@pytest.fixture
def entry():
    return make_publication("One")


def test_reviewers_hear_of_what_is_handed_in_and_its_writer_of_what_becomes_of_it(client, entry, mailoutbox):
    translator, editor = person("translator"), person("editor")
    person("author")
    client.force_login(translator)
    send(client, entry, "submit", title="Uno")
    assert told() == {("translation_submitted", "editor@example.org")}
    client.force_login(editor)
    send(client, entry, "send_back", note="Too short.")
    assert ("translation_sent_back", "translator@example.org") in told()
    client.force_login(translator)
    send(client, entry, "submit", title="Uno solo")
    client.force_login(editor)
    send(client, entry, "approve")
    assert ("translation_approved", "translator@example.org") in told()
    assert Notice.objects.latest("pk").path == f"/admin/translation/text/{entry.uid}/"


def test_who_is_given_a_translation_hears_of_it(client, entry):
    translator = person("translator")
    client.force_login(person("editor"))
    send(client, entry, "plan", assigned_to=translator.pk, due_on="2999-01-01")
    assert told() == {("translation_planned", "translator@example.org")}


@pytest.mark.parametrize(("has_translator", "hears"), [(True, "translator@example.org"), (False, "editor@example.org")])
def test_an_overdue_debt_is_told_once_to_who_has_it_or_who_plans(entry, has_translator, hears):
    translator = person("translator")
    person("editor")
    Task.objects.update(due_on=date(2026, 3, 1), assigned_to=translator if has_translator else None)
    for day in ("2026-03-01 18:00Z", "2026-03-02 18:00Z", "2026-03-03 18:00Z"):
        with time_machine.travel(day):
            call_command("send_notices")
    assert list(Notice.objects.values_list("step", "recipient__email")) == [("translation_overdue", hears)]


def test_what_is_translated_is_not_overdue(entry):
    person("editor")
    Task.objects.update(due_on=date(2026, 3, 1), units_left=0)
    call_command("send_notices")
    assert not Notice.objects.exists()
