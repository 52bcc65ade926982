"""An entry goes out with its translation owed, or waits for both languages."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone, translation
from pytest_django.asserts import assertContains

from research_hub.activity.models import Activity
from research_hub.editorial import due
from research_hub.editorial.versions import snapshot
from research_hub.editorial.workflow import Answers, take
from research_hub.translation.models import Task
from tests.admin.cast import address
from tests.factories import make_author, make_publication, make_topic, make_user

from .desk import page_of, send, states

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft():
    return make_publication("One", topics=[make_topic()], authors=[make_author()], published=False)


def hold(entry):
    task = Task.objects.get(uid=entry.uid)
    task.is_held = True
    task.save()


def approved(entry):
    take("submit", entry, by=make_user("editor"))
    take("approve", entry, by=make_user("publisher"))


def publish_page(entry, language):
    with translation.override(language):
        return reverse("admin:publications_publication_step", args=[entry.pk, "publish"])


def translate(client, entry, **words):
    for role, step in (("translator", "submit"), ("editor", "approve")):
        client.force_login(make_user(role))
        send(client, entry, step, **words)


def test_later_it_is_published_with_the_translation_owed(draft):
    approved(draft)
    take("publish", draft, by=make_user("publisher"))
    assert Activity.objects.count() == 1
    assert states(draft)["title"] == "missing"


@pytest.mark.parametrize("language", ["en", "es"])
def test_together_it_waits_until_the_translation_is_approved(client, draft, language):
    hold(draft)
    approved(draft)
    publisher = make_user("publisher")
    with pytest.raises(ValidationError, match="not approved yet"):
        take("publish", draft, by=publisher)
    client.force_login(publisher)
    words = {"en": "It waits for both languages.", "es": "Espera a los dos idiomas."}[language]
    assertContains(client.get(publish_page(draft, language)), words)
    translate(client, draft, title="Uno", summary="Lo que dice.")
    take("publish", draft, by=publisher)
    assert Activity.objects.get().card_es["title"] == "Uno"


def test_together_it_misses_its_time_and_somebody_hears_of_it(draft):
    hold(draft)
    approved(draft)
    publisher, later = make_user("publisher"), timezone.now() + timedelta(hours=1)
    with pytest.raises(ValidationError):
        take("schedule", draft, by=publisher, answers=Answers(moment=later))
    Task.objects.update(is_held=False)
    take("schedule", draft, by=publisher, answers=Answers(moment=later))
    Task.objects.update(is_held=True)
    due.carry_out_due(now=later + timedelta(minutes=1))
    assert not Activity.objects.exists()


def test_the_next_version_of_what_waits_is_translated_before_it_is_public(client, draft):
    translate(client, draft, title="Uno", summary="Lo que dice.")
    approved(draft)
    take("publish", draft, by=make_user("publisher"))
    hold(draft)
    draft.refresh_from_db()
    written = snapshot(draft)
    written["fields"]["summary_en"] = "What it shows."
    copy = draft.work_on(written, by=make_user("author"))
    approved(copy)
    assert states(draft) == {"title": "current", "summary": "stale"}
    with pytest.raises(ValidationError, match="not approved yet"):
        take("publish", copy, by=make_user("publisher"))
    translate(client, draft, summary="Lo que muestra.")
    draft.refresh_from_db()
    assert draft.summary_es == "Lo que dice."
    copy.refresh_from_db()
    assert copy.summary_es == "Lo que muestra."
    take("publish", copy, by=make_user("publisher"))
    draft.refresh_from_db()
    assert draft.summary_es == "Lo que muestra."
    assert states(draft) == {"title": "current", "summary": "current"}


def test_the_form_of_an_entry_leads_to_its_translation(client, draft):
    client.force_login(make_user("editor"))
    assertContains(client.get(address(draft)), page_of(draft))
