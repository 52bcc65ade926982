"""Where a translation stands is decided by words, whoever changed them and by whatever way."""

from datetime import date

import pytest
import time_machine

from publications.models import Publication
from research_hub.editorial.versions import apply, snapshot
from research_hub.translation.models import State, Tally, Task, Unit, Verdict
from research_hub.translation.states import drift, rebuild
from tests.admin.test_unchanged_forms import make_image
from tests.factories import make_event, make_publication, make_topic, make_type, make_user

pytestmark = pytest.mark.django_db


def states(entry) -> dict[str, str]:
    return dict(Unit.objects.filter(task__uid=entry.main.uid).values_list("field", "state"))


def say_it_is_right(entry, *fields):
    """As somebody who has compared both texts."""
    for field in fields:
        source, target = (getattr(entry, f"{field}_{language}") for language in ("en", "es"))
        place, kind = (entry.uid, field, "es"), Verdict.Kind.STILL_CORRECT
        Verdict.about(place, source, target, is_rich=field == "body", kind=kind, by=None).save()
    entry.save()


@pytest.fixture
def translated():
    bodies = {"body_en": "<p>One “two” three.</p>", "body_es": "<p>Uno dos tres.</p>"}
    entry = make_publication(title_es="Un informe", summary_es="Lo que dice.", **bodies)
    say_it_is_right(entry, "title", "summary", "body")
    return entry


def test_what_has_no_translation_is_missing_and_what_has_no_original_is_not_asked_for():
    assert states(make_publication()) == {"title": "missing", "summary": "missing"}


def test_what_arrives_with_both_languages_is_unverified():
    entry = make_publication(title_es="Un informe", summary_es="Lo que dice.")
    assert states(entry) == {"title": "unverified", "summary": "unverified"}


def test_a_translation_that_is_the_original_is_suspicious():
    assert states(make_publication(title_es="A Report"))["title"] == "suspicious"


def test_an_entry_written_in_spanish_owes_english():
    event = make_event(title="", title_es="Una charla", summary_es="De qué trata.", source_language="es")
    assert states(event) == {"title": "missing", "summary": "missing"}
    assert Task.objects.get(uid=event.uid).language == "en"


def test_one_changed_word_makes_that_text_stale_and_no_other(translated):
    assert set(states(translated).values()) == {"current"}
    translated.summary_en = "What A Report shows."
    translated.save()
    assert states(translated) == {"title": "current", "summary": "stale", "body": "current"}


def test_a_text_that_is_as_it_was_again_is_current_again(translated):
    before = translated.summary_en
    for words in ("Something else.", before):
        translated.summary_en = words
        translated.save()
    assert states(translated)["summary"] == "current"


def test_the_setting_of_a_text_makes_nothing_stale(translated):
    translated.body_en = '<p>One "two" \n<a href="https://example.org/">three</a>.</p>'
    translated.summary_en = f"  {translated.summary_en}\n"
    translated.save()
    assert set(states(translated).values()) == {"current"}


def test_a_draft_of_the_next_version_makes_nothing_stale_before_it_is_public(translated):
    copy, user = Publication(revises=translated), make_user("publisher")
    written = snapshot(translated)
    written["fields"]["summary_en"] = "What A Report shows."
    apply(written, copy)
    assert set(states(translated).values()) == {"current"}
    copy.publish(by=user)
    assert states(translated)["summary"] == "stale"


def test_an_image_a_topic_and_publishing_again_make_nothing_stale(translated, tmp_path):
    translated.cover = make_image(path=tmp_path / "teal.png")
    translated.publication_topics.create(topic=make_topic(), position=1)
    translated.publish(by=make_user("publisher"))
    assert set(states(translated).values()) == {"current"}


def test_the_two_texts_of_a_pair_are_current_in_either_direction(translated):
    translated.source_language = "es"
    translated.save()
    assert set(states(translated).values()) == {"current"}
    assert set(Unit.objects.values_list("language", flat=True)) == {"en"}


@pytest.mark.parametrize("write", ["save", "update", "bulk_update", "save some"])
def test_every_way_of_writing_is_seen(translated, write):
    translated.title_en = "Another Report"
    if write == "save":
        translated.save()
    elif write == "save some":
        translated.save(update_fields=["title_en"])
    elif write == "update":
        Publication.objects.filter(pk=translated.pk).update(title_en="Another Report")
    else:
        Publication.objects.bulk_update([translated], ["title_en"])
    assert states(translated)["title"] == "stale"
    assert drift(lambda done, of: None) == []


def test_the_type_is_followed_too(translated):
    Publication.objects.update(type=make_type("book"))
    assert drift(lambda done, of: None) == []


def test_a_verdict_without_an_original_says_nothing_of_the_other_direction():
    entry = make_publication(title_es="Un informe", source_language="es")
    kind = Verdict.Kind.APPROVED
    Verdict.about((entry.uid, "title", "es"), "", "Un informe", is_rich=False, kind=kind, by=None).save()
    entry.title_en = ""
    entry.save()
    assert states(entry)["title"] == "missing"


def test_what_is_made_in_bulk_is_seen():
    one = make_publication()
    Publication.objects.bulk_create([Publication(title_en="Two", type=one.type, uid="abcdefghij", slug_en="two")])
    assert states(Publication.objects.get(uid="abcdefghij")) == {"title": "missing"}


def test_what_is_withdrawn_owes_nothing_and_what_is_deleted_is_forgotten(translated):
    translated.withdraw(by=make_user("publisher"), reason_en="Wrong.")
    assert states(translated) == {}
    assert Task.objects.count() == 1
    translated.delete()
    assert Task.objects.count() == 0
    assert drift(lambda done, of: None) == []


def test_several_that_are_deleted_at_once_are_forgotten():
    make_publication()
    Publication.objects.all().delete()
    assert not Task.objects.exists()


def test_the_words_left_are_those_of_the_original():
    task = Task.objects.get(uid=make_publication(title_en="A Report", summary_es="Lo que dice.").uid)
    assert (task.words, task.words_left, task.units_left) == (6, 6, 2)


def test_the_tally_of_each_day_adds_up_to_what_there_is(translated):
    with time_machine.travel("2030-01-02 18:00Z"):
        Publication.objects.filter(pk=translated.pk).update(summary_en="What A Report shows.")
    rows = Tally.objects.filter(day=date(2030, 1, 2)).values_list("state", "units", "words")
    assert set(rows) == {("current", -1, -4), ("stale", 1, 4)}


def test_what_was_written_past_everything_is_found_and_mended(translated):
    Unit.objects.filter(field="title").update(state=State.MISSING)
    Task.objects.update(words_left=9)
    Task.objects.create(uid="gone", kind=1, object_id=99, language="es", status="draft")
    Tally.objects.create(day=date(2030, 1, 2), language="en", stage=2, state=State.STALE, units=1)
    found = drift(lambda done, of: None)
    uid = translated.uid
    named = [f"{uid}: its translation", f"{uid}: its title", "gone: ", "es 2 missing: ", "en 2 stale: "]
    assert [name for name in named if not any(fault.startswith(name) for fault in found)] == []
    rebuild(lambda done, of: None)
    assert drift(lambda done, of: None) == []
    assert set(states(translated).values()) == {"current"}
