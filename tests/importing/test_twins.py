"""Two records that are one entry in two languages: joined where the source says so, asked about where it may be so."""

import pytest

from publications.models import Publication
from research_hub.importing.apply import Applied, Planning, Undone
from research_hub.importing.models import Batch
from research_hub.importing.readers import READERS
from research_hub.importing.records import FileRef, Name
from research_hub.translation.tasks import Unit
from tests.factories import make_topic
from tests.importing.test_apply import actions, checked, editor, plan, reason, record, silent, take_in

__all__ = ["editor"]
pytestmark = pytest.mark.django_db

WATER = {"title": {"": "The Price of Water"}, "language": "en"}
AGUA = {"title": {"": "El precio del agua"}, "language": "es", "translation_of": "1"}


def entry():
    return Publication.objects.get()


@pytest.mark.parametrize("is_first", [True, False])
def test_a_record_and_its_translation_become_one_entry_whichever_comes_first(editor, is_first):
    both = [record("1", **WATER, doi="10.1000/1"), record("2", **AGUA, doi="10.1000/1", body={"": "<p>Texto</p>"})]
    batch = take_in(editor, *(both if is_first else reversed(both)))
    assert actions(batch) == {"record 1": "create", "record 2": "part"}
    assert "Part of record 1" in reason(batch, "record 2")
    assert set(batch.rows.values_list("state", "uid")) == {("done", entry().uid)}
    assert (entry().title_en, entry().title_es) == ("The Price of Water", "El precio del agua")
    assert entry().source_language == "en" and entry().body_es == "<p>Texto</p>"
    checked()


def test_what_comes_in_two_languages_is_unverified_until_somebody_has_looked(editor):
    take_in(
        editor, record("1", **WATER), record("2", **AGUA), record("3", {"en": "A", "es": "B"}), record("4", "Alone")
    )
    states = {(unit.task.uid, unit.field): unit.state for unit in Unit.objects.select_related("task")}
    alone = Publication.objects.get(title_en="Alone").uid
    assert {state for (uid, _field), state in states.items() if uid != alone} == {"unverified"} and len(states) == 3
    assert states[alone, "title"] == "missing"
    water = Publication.objects.get(title_en="The Price of Water")
    batch = plan(editor, record("1", **WATER | {"title": {"": "The Cost of Water"}}), record("2", **AGUA))
    Applied(batch, by=editor).run(silent)
    water.refresh_from_db()
    assert water.title_en == "The Cost of Water"
    assert set(Unit.objects.filter(task__uid=water.uid).values_list("state", flat=True)) == {"unverified"}
    checked()


def test_a_pair_read_again_changes_nothing_and_a_change_of_either_half_changes_the_entry(editor):
    take_in(editor, record("1", **WATER), record("2", **AGUA))
    assert actions(take_in(editor, record("1", **WATER), record("2", **AGUA))) == {
        "record 1": "same",
        "record 2": "part",
    }
    agua = AGUA | {"title": {"": "Lo que cuesta el agua"}}
    assert actions(take_in(editor, record("1", **WATER), record("2", **agua)))["record 1"] == "update"
    assert (entry().title_en, entry().title_es) == ("The Price of Water", "Lo que cuesta el agua")


def test_a_pair_is_taken_back_whole_and_an_original_that_gets_its_translation_later_returns_to_itself(editor):
    first = take_in(editor, record("1", **WATER))
    second = take_in(editor, record("2", **AGUA))
    assert actions(second) == {"record 2": "update"} and entry().title_es == "El precio del agua"
    Undone(second, by=editor).run(silent)
    assert entry().title_es in ("", None)
    Undone(first, by=editor).run(silent)
    pair = take_in(editor, record("1", **WATER), record("2", **AGUA))
    Undone(pair, by=editor).run(silent)
    assert not Publication.objects.exists() and set(pair.rows.values_list("state", flat=True)) == {"undone"}
    checked()


def test_reading_that_was_killed_between_the_two_joins_them_all_the_same(editor, monkeypatch):
    monkeypatch.setattr("research_hub.importing.apply.CHUNK", 1)
    found = [record("1", **WATER), record("3", "Other"), record("2", **AGUA)]
    batch = Batch.objects.create(source="old-site", file="old.ris", made_by=editor)
    Planning(batch, lambda: iter(found)).some()
    Planning(batch, lambda: iter(found)).run()
    assert actions(batch) == {"record 1": "create", "record 3": "create", "record 2": "part"}
    first = Applied(batch, by=editor)
    first.some()
    Applied(batch, by=editor).run(silent)
    assert Publication.objects.get(title_en="The Price of Water").title_es == "El precio del agua"


def test_the_same_doi_in_another_language_is_a_translation_where_the_source_says_the_languages(editor):
    agua = AGUA | {"translation_of": "", "doi": "10.1000/1"}
    batch = take_in(editor, record("1", **WATER, doi="10.1000/1"), record("2", **agua))
    assert actions(batch) == {"record 1": "create", "record 2": "part"} and entry().title_es == "El precio del agua"


def test_where_the_languages_are_only_guessed_the_same_doi_is_asked_about(editor):
    words = {
        "summary": {"": "Lo que cuesta el agua en las ciudades de la frontera"},
        "language": "",
        "doi": "10.1000/1",
    }
    batch = plan(editor, record("1", **WATER, doi="10.1000/1"), record("2", {"": "El precio del agua"}, **words))
    assert actions(batch)["record 2"] == "refused"
    assert any("Does it translate what stands at record 1?" in said for said in batch.rows.get(number=2).remarks)


def test_the_same_people_and_day_in_another_language_is_asked_about_and_both_are_taken(editor):
    people, agua = [Name("García, Ana")], AGUA | {"translation_of": ""}
    batch = take_in(
        editor,
        record("1", **WATER, people=people),
        record("2", "Same language", language="en", people=people),
        record("3", **agua, people=[Name("Ana Garcia")]),
        record("4", **agua | {"title": {"": "Otra"}}, people=people, date="2018"),
    )
    asked = {row.number: any("Does it translate" in said for said in row.remarks) for row in batch.rows.all()}
    assert asked == {1: False, 2: False, 3: True, 4: False} and Publication.objects.count() == 4


def test_what_is_said_to_translate_and_is_in_the_same_language_stays_by_itself_and_says_so(editor):
    batch = take_in(editor, record("1", **WATER), record("2", "Water, again", language="en", translation_of="1"))
    assert actions(batch) == {"record 1": "create", "record 2": "create"}
    assert any("in no other language of ours" in said for said in batch.rows.get(number=2).remarks)


def test_a_translation_of_what_is_not_in_the_file_is_an_entry_by_itself(editor):
    assert actions(take_in(editor, record("2", **AGUA))) == {"record 2": "create"}


def test_what_was_a_draft_there_stays_one_and_so_does_a_pair_of_which_half_was(editor):
    make_topic("Water")
    whole = {"people": [Name("Ana García")], "summary": {"en": "What it costs."}, "topics": ["Water"]}
    batch = take_in(
        editor,
        record("1", **WATER | whole),
        record("2", **AGUA, draft=True),
        record("3", "Draft", draft=True, **whole),
        record("4", "Public", **whole),
        is_to_be_public=True,
    )
    assert list(Publication.objects.published().values_list("title_en", flat=True)) == ["Public"]
    assert "stays a draft" in reason(batch) and "stays a draft" in reason(batch, "record 3")
    assert any("Readers do not see it there" in said for said in batch.rows.get(number=3).remarks)


def test_each_half_brings_its_own_addresses_and_files_in_its_language(editor):
    batch = plan(
        editor,
        record("1", **WATER, paths=["/water"], files=[FileRef("water.pdf")]),
        record("2", **AGUA, paths=["/agua"], files=[FileRef("agua.pdf")]),
    )
    merged = batch.rows.get(number=1).record
    assert [file["language"] for file in merged["files"]] == ["en", "es"] and merged["paths"] == ["/water", "/agua"]


def wpml(own, title, language, source):
    marks = {"translation_group": "77", "language_code": language, "source_language_code": source}
    metas = "".join(
        f"<wp:postmeta><wp:meta_key>_wpml_import_{name}</wp:meta_key><wp:meta_value>{value}</wp:meta_value></wp:postmeta>"
        for name, value in marks.items()
    )
    return f"<item><title>{title}</title><wp:post_id>{own}</wp:post_id><wp:post_type>post</wp:post_type>{metas}</item>"


def test_what_wpml_ties_is_one_entry_and_its_original_is_the_one_that_translates_nothing(tmp_path):
    path = tmp_path / "old.xml"
    items = wpml("9", "El precio del agua", "es", "en") + wpml("8", "The Price of Water", "en", "")
    path.write_text(f'<rss xmlns:wp="http://wordpress.org/export/1.2/"><channel>{items}</channel></rss>')
    [found] = READERS["wordpress"].read(path)
    assert (found.id, found.language) == ("8", "en")
    assert found.title == {"en": "The Price of Water", "es": "El precio del agua"}


def test_of_a_chain_of_translations_no_words_are_lost(editor):
    fuego = {"title": {"": "Fuego"}, "language": "es"}
    chain = [record("1", **WATER, translation_of="3"), record("2", **AGUA), record("3", **fuego)]
    batch = take_in(editor, *chain)
    assert set(actions(batch).values()) == {"create", "part"} and Publication.objects.count() == 2
    titles = {title for pair in Publication.objects.values_list("title_en", "title_es") for title in pair}
    assert titles >= {"The Price of Water", "El precio del agua", "Fuego"}


def test_translations_in_a_circle_lose_no_words(editor):
    circle = [
        record("d", **AGUA | {"translation_of": "e"}),
        record("e", **WATER, translation_of="f"),
        record("f", {"": "Fuego"}, language="es", translation_of="d"),
    ]
    batch = take_in(editor, *circle)
    titles = {title for pair in Publication.objects.values_list("title_en", "title_es") for title in pair}
    assert titles >= {"The Price of Water", "El precio del agua", "Fuego"}
    assert "has a translation itself" in str([row.remarks for row in batch.rows.all()])
