"""A translator writes beside the original; somebody else approves it, and readers have it at once."""

import json
from io import StringIO

import pytest
from django.contrib.auth.models import Permission
from django.core.management import call_command
from pytest_django.asserts import assertContains, assertNotContains

from publications.models import Publication
from research_hub.activity.models import Activity
from research_hub.editorial import history
from research_hub.editorial.models import AuditEntry, Revision
from research_hub.editorial.versions import snapshot
from research_hub.translation.models import Draft, Term, Verdict
from tests.admin.cast import address, press
from tests.factories import make_event, make_publication, make_topic, make_user

from .desk import fields, page_of, send, states

pytestmark = pytest.mark.django_db


@pytest.fixture
def live():
    return make_publication("A Report", topics=[make_topic()], body_en="<p>Long <em>text</em>.</p>")


@pytest.fixture
def translator(client):
    user = make_user("translator")
    client.force_login(user)
    return user


def approve(client, entry, by="translator", language="en"):
    client.force_login(user := make_user(by))
    return send(client, entry, "approve", language), user


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_summary_goes_from_its_translator_by_a_reviewer_to_the_readers(client, live, language):
    client.force_login(make_user("translator"))
    send(client, live, "save", language, title="Un informe", summary="Lo que dice.")
    assert states(live) == {"title": "draft", "summary": "draft", "body": "missing"}
    send(client, live, "submit", language)
    assert states(live) == {"title": "in_review", "summary": "in_review", "body": "missing"}
    live.refresh_from_db()
    assert live.title_es is None and Activity.objects.get().card_es["title"] == "A Report"
    answer, reviewer = approve(client, live, language=language)
    assert answer.status_code == 302
    live.refresh_from_db()
    assert (live.title_es, live.summary_es, live.slug_es) == ("Un informe", "Lo que dice.", "un-informe")
    assert states(live) == {"title": "current", "summary": "current", "body": "missing"}
    assert Activity.objects.get().card_es["title"] == "Un informe"
    assertContains(client.get("/es/publicaciones/un-informe/"), "Lo que dice.")
    assertContains(client.get("/es/buscar/", {"q": "informe"}), "/es/publicaciones/un-informe/")
    assert not Draft.objects.exists()
    assert Revision.objects.of(live).filter(step="translate", made_by=reviewer).count() == 1
    assert AuditEntry.objects.filter(action="translation_approved", actor_id=reviewer.pk).count() == 2


def test_ones_own_translation_is_approved_by_somebody_else(client, live, translator):
    send(client, live, "submit", summary="Lo que dice.")
    page = client.get(page_of(live))
    assertContains(page, "somebody else must approve it")
    send(client, live, "approve")
    assert states(live)["summary"] == "in_review"


def test_where_the_institute_says_so_ones_own_is_approved_too(client, live, translator, settings):
    settings.TRANSLATIONS_NEED_OTHER_EYES = False
    send(client, live, "submit", summary="Lo que dice.")
    send(client, live, "approve")
    assert states(live)["summary"] == "current"


def test_who_changes_a_word_in_review_has_written_on_it(client, live, translator):
    send(client, live, "submit", summary="Lo que dice.")
    client.force_login(make_user("editor"))
    send(client, live, "save", summary="Lo que dice el informe.")
    send(client, live, "approve")
    assert states(live)["summary"] == "in_review"


def test_a_translation_that_is_sent_back_says_why(client, live, translator):
    send(client, live, "submit", summary="Lo que dice.")
    client.force_login(make_user("editor"))
    send(client, live, "send_back", note="Too literal.")
    assert states(live)["summary"] == "draft"
    client.force_login(translator)
    assertContains(client.get(page_of(live)), "Too literal.")


def test_a_changed_word_is_marked_where_the_translation_is_stale(client, live, translator):
    make_current(live)
    live.summary_en = "What A Report really says."
    live.save()
    assert states(live)["summary"] == "stale"
    page = client.get(page_of(live))
    assertContains(
        page, '<ins><span class="visually-hidden">[put in] </span><span lang="en">really </span></ins>', html=True
    )


def make_current(entry, **words):
    words = words or {"title": "Un informe", "summary": "Lo que dice.", "body": "<p>Texto largo.</p>"}
    for field, text in words.items():
        setattr(entry, f"{field}_es", text)
        source, kind = getattr(entry, f"{field}_en"), Verdict.Kind.STILL_CORRECT
        Verdict.about((entry.uid, field, "es"), source, text, is_rich=field == "body", kind=kind, by=None).save()
    entry.save()


def make_stale(entry):
    make_current(entry)
    entry.summary_en = "What A Report shows."
    entry.save()


def test_the_translator_says_that_it_is_still_correct(client, live, translator):
    make_stale(live)
    send(client, live, "still_correct:summary")
    assert states(live)["summary"] == "current"
    assert AuditEntry.objects.get(action="translation_still_correct").actor_id == translator.pk


def test_the_editor_says_that_the_change_was_minor_and_the_translator_may_not(client, live, translator):
    make_stale(live)
    assert send(client, live, "minor_change:summary").status_code == 403
    assert states(live)["summary"] == "stale"
    client.force_login(make_user("editor"))
    send(client, live, "minor_change:summary")
    assert states(live)["summary"] == "current"


def test_what_needs_no_translation_has_a_reason_and_is_asked_for_again_when_the_original_changes(
    client, live, translator
):
    assert send(client, live, "not_needed:body").status_code == 422
    send(client, live, "not_needed:body", **{"body-reason": "Only a table."})
    assert states(live)["body"] == "not_needed"
    assert Verdict.objects.get().reason == "Only a table."
    live.body_en = "<p>Words after all.</p>"
    live.save()
    assert states(live)["body"] == "missing"


def test_nothing_is_confirmed_that_is_not_there(client, live, translator):
    assert send(client, live, "still_correct:summary").status_code == 422
    make_current(live)
    assert send(client, live, "not_needed:summary", **{"summary-reason": "x"}).status_code == 422


@pytest.mark.parametrize(
    "tampered",
    [
        {"title_en": "Mine"}, {"summary_es": "Mío"}, {"slug-words": "mio"}, {"title_en-words": "Mine"},
        {"source_language": "es"}, {"venue-words": "Mío"}, {"uid": "abcdefghij"}, {"status": "published"},
    ],
)  # fmt: skip
def test_what_the_page_does_not_ask_for_is_refused_and_logged(client, live, translator, tampered):
    before = snapshot(live)
    assert send(client, live, "save", summary="Mío", **tampered).status_code == 403
    assert not Draft.objects.exists()
    assert snapshot(Publication.objects.get()) == before
    refused = AuditEntry.objects.get(action="refused")
    assert (refused.actor_id, refused.subject_key) == (translator.pk, live.uid)


def test_a_step_that_is_none_is_refused(client, live, translator):
    assert send(client, live, "publish").status_code == 403


@pytest.mark.parametrize("role", ["author", ""])
def test_who_has_nothing_to_do_with_translations_opens_no_page_of_the_desk(client, live, role):
    client.force_login(make_user(role))
    assert client.get(page_of(live)).status_code == 403
    assert client.post(page_of(live), {"uid": live.uid, "summary-words": "Mío"}).status_code == 403
    assert not Draft.objects.exists()


def test_what_is_typed_is_kept_while_it_is_typed(client, live, translator):
    opened = fields(client.get(page_of(live)))
    said = json.loads(send(client, live, "autosave", opened=opened, summary="Lo que").content)
    assert said["said"].startswith("Saved at")
    opened["summary-seen"] = said["seen"]["summary"]
    send(client, live, "autosave", opened=opened, summary="Lo que dice.")
    assertContains(client.get(page_of(live)), "Lo que dice.")
    assert Draft.objects.get().version == 2


def test_two_who_type_at_once_lose_nothing(client, live, translator):
    opened = fields(client.get(page_of(live)))
    send(client, live, "save", summary="De la primera.")
    client.force_login(make_user("translator"))
    refused = send(client, live, "save", opened=opened, summary="De la segunda.", title="Un informe")
    assertContains(refused, "has saved this text since you opened it", status_code=409)
    assertContains(refused, "De la segunda.", status_code=409)
    assertContains(refused, "De la primera.", status_code=409)
    assert Draft.objects.get(field="summary").text == "De la primera."
    assert Draft.objects.get(field="title").text == "Un informe"
    again = fields(refused)
    assert client.post(page_of(live), again | {"do": "save"}).status_code == 302
    assert Draft.objects.get(field="summary").text == "De la segunda."


def test_an_emptied_draft_goes_and_what_was_there_comes_back(client, live, translator):
    make_current(live)
    send(client, live, "save", summary="Otra cosa.")
    assert states(live)["summary"] == "draft"
    send(client, live, "save", summary="")
    assert states(live)["summary"] == "current"


def test_an_original_that_changed_while_it_was_translated_makes_the_draft_stale_from_its_first_day(
    client, live, translator
):
    opened = fields(client.get(page_of(live)))
    send(client, live, "save", opened=opened, summary="Lo que dice.")
    live.refresh_from_db()
    live.summary_en = "What it shows."
    live.save()
    send(client, live, "submit")
    assertContains(client.get(page_of(live)), "What changed since it was translated")
    approve(client, live)
    assert states(live)["summary"] == "stale"


def test_a_working_copy_with_the_same_translation_gets_the_new_one_and_another_keeps_its_own(client, live, translator):
    editor = make_user("editor")
    written = snapshot(live)
    written["fields"]["title_es"] = "Título de la copia"
    copy = live.work_on(written, by=editor)
    send(client, live, "submit", summary="Lo que dice.", title="Un informe")
    approve(client, live)
    copy.refresh_from_db()
    live.refresh_from_db()
    assert (live.title_es, live.summary_es) == ("Un informe", "Lo que dice.")
    assert (copy.title_es, copy.summary_es) == ("Título de la copia", "Lo que dice.")
    assert copy.version == 1


def test_rich_text_is_cleaned_before_anything_is_kept(client, live, translator):
    send(client, live, "submit", body="<p>Texto</p><script>alert(1)</script>")
    assert Draft.objects.get().text == "<p>Texto</p>"


def test_a_title_too_long_to_be_stored_is_kept_as_a_draft_and_refused_in_words(client, live, translator):
    send(client, live, "submit", title="x" * 1300)
    answer, _reviewer = approve(client, live)
    assertContains(answer, "1200", status_code=422)
    assert states(live)["title"] == "in_review"


def test_an_event_written_in_spanish_is_translated_into_english(client, translator):
    event = make_event(title="", title_es="Charla", summary_es="De qué trata.", source_language="es", venue_es="Sala")
    send(client, event, "submit", title="A Talk", venue="Hall")
    approve(client, event)
    event.refresh_from_db()
    assert (event.title_en, event.venue_en, event.title_es) == ("A Talk", "Hall", "Charla")


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_withdrawn_entry_has_nothing_to_be_translated(client, live, translator, language):
    live.withdraw(by=make_user("publisher"), reason_en="Wrong.")
    page = client.get(page_of(live, language))
    assert page.status_code == 200
    assertNotContains(page, "summary-words")


def test_a_page_of_no_entry_is_not_found(client, translator):
    assert client.get("/admin/translation/text/abcdefghij/").status_code == 404


def test_the_page_takes_a_fixed_number_of_queries(client, live, translator, django_assert_max_num_queries):
    client.get(page_of(live))
    with django_assert_max_num_queries(22):
        client.get(page_of(live))


def test_a_sentence_that_was_translated_before_is_suggested_from_what_is_public_and_sure(client, live, translator):
    make_current(live, title="Un informe")
    other = make_publication("Another", summary_en="A Report. And more of it.")
    page = client.get(page_of(other))
    assertContains(page, 'data-words="Un informe "')
    live.withdraw(by=make_user("publisher"), reason_en="Wrong.")
    assertNotContains(client.get(page_of(other)), "Un informe")


def test_what_nobody_has_compared_is_suggested_once_everything_is_made_anew(client, translator):
    make_publication("A Report", title_es="Un informe")
    other = make_publication("A Report")
    assertNotContains(client.get(page_of(other)), "Un informe")
    call_command("make_translations", stdout=StringIO())
    assertContains(client.get(page_of(other)), 'data-words="Un informe "')


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_term_of_the_glossary_that_is_not_used_is_named(client, translator, language):
    Term.objects.create(term_en="water right", term_es="derecho de agua", note="Not “concesión”.")
    entry = make_publication("Water rights", title_es="Concesiones de agua")
    words = {"en": "The institute says “derecho de agua” for “water right”.",
             "es": "El instituto traduce «water right» como «derecho de agua»."}[language]  # fmt: skip
    assertContains(client.get(page_of(entry, language)), words)
    send(client, entry, "save", title="Derechos de agua")
    assertNotContains(client.get(page_of(entry, language)), words)


# What changed while a page was open


def test_a_box_that_nobody_touched_takes_nothing_back(client, live, translator):
    make_current(live)
    opened = fields(client.get(page_of(live)))
    live.title_es = "Un informe corregido"
    live.save()
    send(client, live, "submit", opened=opened, summary="Lo que dice hoy.")
    assert list(Draft.objects.values_list("field", flat=True)) == ["summary"]


@pytest.mark.parametrize("changed", ["summary_en", "summary_es"])
@pytest.mark.parametrize("language", ["en", "es"])
def test_nobody_calls_right_what_they_have_not_seen(client, live, translator, changed, language):
    make_stale(live)
    opened = fields(client.get(page_of(live, language)))
    setattr(live, changed, "Nothing of the kind.")
    live.save()
    before, said = states(live), Verdict.objects.count()
    assert send(client, live, "still_correct:summary", language, opened=opened).status_code == 409
    assert (states(live), Verdict.objects.count()) == (before, said)


def test_nobody_says_that_a_text_needs_none_which_they_have_not_seen(client, live, translator):
    opened = fields(client.get(page_of(live)))
    live.body_en = "<p>Words after all.</p>"
    live.save()
    refused = send(client, live, "not_needed:body", opened=opened, **{"body-reason": "Only a table."})
    assert refused.status_code == 409
    assert states(live)["body"] == "missing"


def test_a_reviewer_approves_only_what_stood_on_their_page(client, live, translator):
    send(client, live, "submit", summary="Lo que dice.")
    client.force_login(reviewer := make_user("editor"))
    opened = fields(client.get(page_of(live)))
    client.force_login(translator)
    send(client, live, "submit", title="Un informe")
    client.force_login(reviewer)
    assert send(client, live, "approve", opened=opened).status_code == 409
    assert states(live)["summary"] == "in_review"


def test_who_only_reviews_approves_what_they_have_seen_too(client, live, translator):
    send(client, live, "submit", summary="Lo que dice.")
    client.force_login(reviewer := make_user(""))
    reviewer.user_permissions.add(Permission.objects.get(codename="review_translation"))
    opened = fields(client.get(page_of(live)))
    assert "summary-words" not in opened
    assert client.post(page_of(live), {"uid": live.uid, "do": "approve"}).status_code == 409
    assert client.post(page_of(live), opened | {"do": "approve"}).status_code == 302
    assert states(live)["summary"] == "current"


@pytest.mark.parametrize("code", ["approved", "typed", "anything"])
def test_nobody_gives_a_verdict_that_the_page_does_not_offer(client, live, translator, code):
    make_stale(live)
    assert send(client, live, f"{code}:summary").status_code == 403
    assert states(live)["summary"] == "stale"


def test_a_verdict_is_not_given_together_with_other_words(client, live, translator):
    make_stale(live)
    assert send(client, live, "still_correct:summary", summary="Lo que muestra.").status_code == 409
    assert states(live)["summary"] == "draft"


def test_a_draft_that_was_thrown_away_and_begun_anew_is_another(client, live, translator):
    send(client, live, "save", summary="Primero.")
    client.force_login(other := make_user("translator"))
    opened = fields(client.get(page_of(live)))
    client.force_login(translator)
    send(client, live, "save", summary="")
    send(client, live, "save", summary="Otra vez.")
    client.force_login(other)
    send(client, live, "save", opened=opened, title="Un informe")
    assert Draft.objects.get(field="summary").text == "Otra vez."
    assert AuditEntry.objects.filter(action="translation_discarded", actor_id=translator.pk).count() == 1


@pytest.mark.parametrize("sent", [{"summary-reason": "x" * 601}, {"summary": "Lo que\0 dice."}])
def test_what_cannot_be_stored_is_refused_and_stays_in_the_box(client, live, translator, sent):
    refused = send(client, live, "save", **{"summary": "Lo que dice."} | sent)
    assertContains(refused, "Lo que", status_code=409)
    assertContains(refused, "errorlist", status_code=409)
    assert not Draft.objects.exists()


def test_a_text_that_went_away_is_shown_with_what_was_typed_and_the_others_are_kept(client, live, translator):
    opened = fields(client.get(page_of(live)))
    live.body_en = ""
    live.save()
    page = send(client, live, "save", opened=opened, body="<p>Una hora de trabajo.</p>", summary="Lo que dice.")
    assertContains(page, "Una hora de trabajo.", status_code=409)
    assert list(Draft.objects.values_list("field", flat=True)) == ["summary"]


def test_words_for_one_language_do_not_become_a_draft_into_the_other(client, translator):
    entry = make_publication("A Report", title_es="Un informe")
    opened = fields(client.get(page_of(entry)))
    entry.source_language = "es"
    entry.save()
    assert send(client, entry, "submit", opened=opened, title="Otro informe").status_code == 409
    assert not Draft.objects.exists()


@pytest.mark.parametrize("do", ["approve", "send_back", "submit"])
def test_where_nothing_could_be_done_the_page_says_so(client, live, translator, do):
    assertContains(send(client, live, do), "There is nothing here of which that could be done.", status_code=422)


def test_a_note_that_cannot_be_kept_is_refused(client, live, translator):
    send(client, live, "submit", summary="Lo que dice.")
    for note in ("x" * 5001, "a\0b"):
        assert send(client, live, "send_back", note=note).status_code == 422
    assert states(live)["summary"] == "in_review"


def test_a_draft_of_an_older_original_is_called_right_for_the_new_one(client, live, translator):
    send(client, live, "save", summary="Lo que dice.")
    live.refresh_from_db()
    live.summary_en = "What it says."
    live.save()
    send(client, live, "renew:summary")
    send(client, live, "submit")
    approve(client, live)
    assert states(live)["summary"] == "current"


def test_an_original_that_changed_before_the_first_word_was_kept_is_found_in_the_history(client, live, translator):
    client.force_login(editor := make_user("editor"))
    history.record(live, "create", by=editor)
    press(client, address(live), summary_en="What it shows.")
    copy = Publication.objects.get(revises=live)
    opened = fields(client.get(page_of(live)))
    copy.publish(by=editor)
    client.force_login(translator)
    send(client, live, "save", opened=opened, summary="Lo que dice.")
    assert Draft.objects.get().source == "What A Report says."


def test_what_readers_still_have_is_suggested_while_somebody_writes_anew(client, live, translator):
    make_current(live, title="Un informe")
    other = make_publication("A Report")
    send(client, live, "save", title="Otro informe")
    assertContains(client.get(page_of(other)), 'data-words="Un informe "')
