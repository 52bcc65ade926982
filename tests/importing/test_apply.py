"""A source taken in, read again, and taken back: what each record becomes, and what is left alone."""

from io import StringIO

import pytest
from django.contrib.admin.models import CHANGE, LogEntry
from django.core.management import CommandError, call_command

from events.models import Event
from publications.models import Author, Publication
from research_hub.editorial.models import Revision
from research_hub.importing.apply import Applied, Planning, Undone
from research_hub.importing.models import Batch, Equivalent, Origin, Row
from research_hub.importing.records import Fault, Name, Record
from tests.factories import make_author, make_publication, make_topic, make_type, make_user

pytestmark = pytest.mark.django_db


def silent(done, total):
    pass


@pytest.fixture
def editor():
    make_type("report")
    return make_user("administrator")


def record(id="1", title="The Price of Water", **fields):
    title = title if isinstance(title, dict) else {"en": title}
    return Record(id=id, place=f"record {id}", title=title, **{"date": "2017/02//", "type": "RPRT"} | fields)


def plan(editor, *found, **options):
    batch = Batch.objects.create(source="old-site", file="old.ris", made_by=editor, **options)
    return Planning(batch, lambda: iter(found)).run()


def take_in(editor, *found, is_to_be_public=False):
    batch = plan(editor, *found, is_to_be_public=is_to_be_public)
    Applied(batch, by=editor).run(silent)
    return batch


def actions(batch):
    return {row.place: row.action for row in batch.rows.all()}


def reason(batch, place="record 1"):
    return batch.rows.get(place=place).reason


def checked():
    for command in ("check_activity", "check_translations"):
        call_command(command, stdout=StringIO())


# The plan


def test_a_plan_writes_nothing_but_itself(editor):
    batch = plan(editor, record(), Fault("line 7", "This line is no record."))
    assert actions(batch) == {"record 1": "create", "line 7": "refused"}
    assert reason(batch, "line 7") == "This line is no record."
    assert not Publication.objects.exists() and not Author.objects.exists() and not Origin.objects.exists()


def test_what_cannot_be_stored_is_refused_with_the_reason_in_the_words_of_the_form(editor):
    batch = plan(editor, record(title=""), record("2", title="x" * 1300))
    assert "Give the title in the language this is written in." in reason(batch)
    assert reason(batch, "record 2").startswith("Title [en]: ") and reason(batch, "record 2").count("1200") == 1


def test_a_record_that_stands_twice_in_a_file_is_taken_once(editor):
    batch = plan(editor, record(), record())
    assert sorted(batch.rows.values_list("action", flat=True)) == ["create", "refused"]


def test_a_doi_that_is_here_already_is_refused_and_named(editor):
    here = make_publication("Old", doi="10.1000/182")
    batch = plan(editor, record(doi="10.1000/182"), record("2", doi="10.1000/9"), record("3", "Other", doi="10.1000/9"))
    assert here.uid in reason(batch)
    assert actions(batch) == {"record 1": "refused", "record 2": "create", "record 3": "refused"}


def test_what_may_be_here_already_is_asked_about_and_not_assumed(editor):
    make_publication("The Price of Water", date="2017-02")
    assert actions(plan(editor, record())) == {"record 1": "refused"}
    assert actions(plan(editor, record(), takes_twins=True)) == {"record 1": "create"}
    assert actions(plan(editor, record(date="2018"))) == {"record 1": "create"}


def test_what_was_guessed_or_left_out_is_said(editor):
    batch = plan(
        editor,
        record(title={"": "El precio del agua en las ciudades del norte"}, topics=["Minería"], doi="x", date="someday"),
    )
    said = " ".join(batch.rows.get().remarks)
    for words in (
        "language was guessed",
        "Topic not known here: Minería",
        "no DOI",
        "could not be understood: someday",
    ):
        assert words in said


# Taking in


def test_a_record_becomes_a_draft_with_all_that_hangs_on_it(editor):
    water, ana = make_topic("Water"), make_author("Ana García")
    take_in(
        editor,
        record(
            title={"en": "The Price of Water", "es": "El precio del agua"},
            summary={"en": "What it costs."},
            body={"en": "<p>Text <script>alert(1)</script></p>"},
            people=[Name("García, Ana"), Name("Villafañe, Renata", affiliation="UNAM"), Name("World Water Council")],
            topics=["water"],
            doi="10.1000/182",
        ),
    )
    entry = Publication.objects.get()
    assert (entry.status, entry.created_by, entry.slug_en, entry.slug_es) == (
        "draft", editor, "the-price-of-water", "el-precio-del-agua",
    )  # fmt: skip
    assert str(entry.date) == "2017-02" and "script" not in entry.body_en
    authors = [row.author for row in entry.authorships.in_order()]
    assert authors[0] == ana
    assert [(a.name, a.sort_name, a.kind) for a in authors[1:]] == [
        ("Renata Villafañe", "Villafañe, Renata", "person"),
        ("World Water Council", "World Water Council", "organisation"),
    ]
    assert [row.topic for row in entry.publication_topics.all()] == [water]
    version = Revision.objects.get(uid=entry.uid)
    assert (version.step, version.number, version.made_by) == ("import", 1, editor)
    assert version.snapshot["fields"]["title_es"] == "El precio del agua"
    checked()


def test_authors_of_many_records_are_made_once_as_if_each_was_met_after_the_other(editor):
    orcid = "0000-0002-1825-0097"
    take_in(
        editor,
        record("1", "One", people=[Name("García, Ana"), Name("Luis Paz", orcid=orcid)]),
        record("2", "Two", people=[Name("ANA GARCIA"), Name("L. Paz", orcid=orcid)]),
        record("3", "Three", people=[Name("Luis Paz")]),
    )
    assert list(Author.objects.order_by("pk").values_list("name", "sort_name", "slug", "orcid")) == [
        ("Ana García", "García, Ana", "ana-garcia", ""),
        ("Luis Paz", "Paz, Luis", "luis-paz", orcid),
    ]
    by_title = {entry.title_en: list(entry.authorships.in_order()) for entry in Publication.objects.all()}
    assert [len(rows) for rows in by_title.values()] == [2, 2, 1]
    assert by_title["Three"][0].author.orcid == orcid


def test_namesakes_who_cannot_be_told_apart_get_one_more_and_not_one_for_each_record(editor):
    make_author("Ana García", slug="one")
    make_author("Ana García", slug="two")
    take_in(editor, record("1", "One", people=[Name("Ana García")]), record("2", "Two", people=[Name("García, Ana")]))
    assert sorted(Author.objects.values_list("slug", flat=True)) == ["ana-garcia", "one", "two"]


def test_an_event_keeps_its_hours_where_it_takes_place(editor):
    take_in(
        editor,
        record(kind="event", starts="2024-03-10T18:00:00", ends="2024-03-10T20:00:00", zone="America/Bogota", date=""),
        record("2", "Two days", kind="event", starts="2024-03-10", ends="2024-03-11", zone="Europe/Madrid", date=""),
    )
    hours, days = Event.objects.order_by("pk")
    assert hours.starts_at.isoformat() == "2024-03-10T23:00:00+00:00" and str(hours.date) == "2024-03-10"
    assert days.all_day and str(days.date) == "2024-03-10/2024-03-11"


def test_slugs_are_free_within_the_batch_and_beside_what_is_there(editor):
    make_publication("Same", date="1999")
    take_in(editor, record("1", "Same"), record("2", "Same", date="2018"), record("3", {"en": "Same", "es": "Same"}))
    slugs = [slug for row in Publication.objects.values_list("slug_en", "slug_es") for slug in row if slug]
    assert sorted(slugs) == ["same", "same-2", "same-3", "same-4", "same-5"]


def test_what_is_finished_can_go_public_at_once_and_the_rest_stays_a_draft(editor, client):
    water = make_topic("Water")
    whole = {"topics": ["Water"], "people": [Name("Ana García")], "summary": {"en": "What it costs."}}
    batch = take_in(editor, record(**whole), record("2", "Unfinished"), is_to_be_public=True)
    assert client.get("/publications/the-price-of-water/").status_code == 200
    assert b"Unfinished" not in client.get(water.get_absolute_url()).content
    assert "It stays a draft" in reason(batch, "record 2")
    checked()


def test_words_of_the_source_mean_what_somebody_said(editor):
    water = make_topic("Water")
    Equivalent.objects.create(source="old-site", what="topic", word="H2O", topic=water)
    Equivalent.objects.create(source="old-site", what="topic", word="Misc")
    batch = take_in(editor, record(topics=["h2o", "Misc"]))
    assert Publication.objects.get().topics.get() == water
    assert not any("not known" in remark for remark in batch.rows.get().remarks)


# Again


def test_the_same_source_read_again_changes_nothing(editor):
    take_in(editor, record(people=[Name("Ana García")]))
    batch = take_in(editor, record(people=[Name("Ana García")]))
    assert actions(batch) == {"record 1": "same"}
    assert Publication.objects.count() == Author.objects.count() == Revision.objects.count() == 1


def test_only_what_changed_in_the_source_is_changed_here(editor):
    take_in(editor, record(summary={"en": "Old."}))
    entry = Publication.objects.get()
    entry.subtitle_en = "Ours"
    entry.save()
    batch = take_in(editor, record(summary={"en": "New."}))
    entry.refresh_from_db()
    assert actions(batch) == {"record 1": "update"}
    assert (entry.summary_en, entry.subtitle_en) == ("New.", "Ours")


def test_what_changed_on_both_sides_is_refused_and_named(editor):
    take_in(editor, record(summary={"en": "Old."}))
    entry = Publication.objects.get()
    entry.summary_en = "Ours."
    entry.save()
    batch = take_in(editor, record(summary={"en": "Theirs."}))
    assert reason(batch).endswith(": Summary [en]")
    entry.refresh_from_db()
    assert entry.summary_en == "Ours."


def test_a_public_entry_is_changed_in_its_working_copy(editor):
    take_in(editor, record(summary={"en": "Old."}))
    Publication.objects.get().publish(by=editor)
    take_in(editor, record(summary={"en": "New."}))
    main = Publication.objects.main().get()
    assert (main.summary_en, main.working_copy.summary_en) == ("Old.", "New.")
    checked()


def test_what_was_deleted_here_does_not_come_back(editor):
    take_in(editor, record())
    Publication.objects.all().delete()
    assert "deleted here" in reason(plan(editor, record()))


def test_a_plan_that_was_overtaken_is_decided_anew(editor):
    batch = plan(editor, record(doi="10.1000/182"))
    make_publication("Meanwhile", doi="10.1000/182")
    Applied(batch, by=editor).run(silent)
    assert batch.rows.get().state == "left" and "DOI" in reason(batch)


# Back


def test_a_batch_is_taken_back_and_leaves_nothing(editor):
    batch = take_in(editor, record(), record("2", "Second"))
    Undone(batch, by=editor).run(silent)
    assert not Publication.objects.exists() and not Origin.objects.exists() and not Revision.objects.exists()
    assert set(batch.rows.values_list("state", flat=True)) == {"undone"}
    assert actions(take_in(editor, record())) == {"record 1": "create"}
    checked()


def test_the_authors_that_it_made_go_with_it_and_those_whom_anybody_needs_stay(editor):
    make_author("Ana García")
    batch = take_in(
        editor,
        record(people=[Name("García, Ana"), Name("New, Only"), Name("Known, Since")]),
        record("2", "Second", people=[Name("Only New"), Name("Elsewhere, Cited"), Name("Seen, Once")]),
    )
    make_publication("Ours", authors=[Author.objects.get(name="Cited Elsewhere")])
    LogEntry.objects.log_actions(editor.pk, [Author.objects.get(name="Since Known")], CHANGE)
    Undone(batch, by=editor).run(silent)
    names = Author.objects.order_by("name").values_list("name", flat=True)
    assert list(names) == ["Ana García", "Cited Elsewhere", "Since Known"]


def test_what_was_changed_since_stays_and_is_named(editor):
    batch = take_in(editor, record(), record("2", "Second"))
    second = Publication.objects.get(title_en="Second")
    second.publish(by=editor)
    Revision.objects.create(uid=second.uid, number=2, model="publications.publication", title="x", step="publish",
                            status="published", snapshot={})  # fmt: skip
    Undone(batch, by=editor).run(silent)
    assert [entry.title_en for entry in Publication.objects.all()] == ["Second"]
    assert batch.rows.get(number=2).state == "kept"


def test_an_update_is_taken_back_to_what_was_there(editor):
    take_in(editor, record(summary={"en": "Old."}))
    batch = take_in(editor, record(summary={"en": "New."}))
    Undone(batch, by=editor).run(silent)
    assert Publication.objects.get().summary_en == "Old."
    assert actions(plan(editor, record(summary={"en": "Old."}))) == {"record 1": "same"}
    checked()


def test_the_working_copy_that_an_update_made_goes_with_it(editor):
    take_in(editor, record(summary={"en": "Old."}))
    Publication.objects.get().publish(by=editor)
    batch = take_in(editor, record(summary={"en": "New."}))
    Undone(batch, by=editor).run(silent)
    assert Publication.objects.get().summary_en == "Old."


def test_one_that_was_killed_goes_on_where_it_was(editor, monkeypatch):
    monkeypatch.setattr("research_hub.importing.apply.CHUNK", 2)
    batch = plan(editor, *(record(str(n), f"Entry {n}") for n in range(5)))
    first = Applied(batch, by=editor)
    first.some()
    assert Publication.objects.count() == 2 and batch.rows.filter(state="waiting").count() == 3
    Applied(batch, by=editor).run(silent)
    assert Publication.objects.count() == 5
    batch.refresh_from_db()
    assert batch.state == "applied"
    assert not Row.objects.filter(state="waiting").exists()


def test_reading_that_was_killed_goes_on_behind_the_last_record(editor, monkeypatch):
    monkeypatch.setattr("research_hub.importing.apply.CHUNK", 2)
    found = [record(str(n), f"Entry {n}", doi=f"10.1000/{n % 4}") for n in range(6)]
    batch = Batch.objects.create(source="old-site", file="old.ris", made_by=editor)
    Planning(batch, lambda: iter(found)).some()
    assert batch.rows.count() == 2
    Planning(batch, lambda: iter(found)).run()
    assert list(batch.rows.order_by("number").values_list("number", "action")) == [
        (1, "create"), (2, "create"), (3, "create"), (4, "create"), (5, "refused"), (6, "refused"),
    ]  # fmt: skip


def test_what_is_taken_back_while_it_is_taken_in_is_taken_back_for_good(editor, monkeypatch):
    monkeypatch.setattr("research_hub.importing.apply.CHUNK", 1)
    batch = plan(editor, record(), record("2", "Land"), record("3", "Air"))
    first = Applied(batch, by=editor)
    first.some()
    Undone(Batch.objects.get(pk=batch.pk), by=editor).some()
    assert not first.some()
    Undone(Batch.objects.get(pk=batch.pk), by=editor).run(silent)
    assert not first.some() and not Publication.objects.exists()
    batch.refresh_from_db()
    assert batch.state == "undone" and batch.standing() == {"undone": 1, "left": 2}


def test_a_plan_that_was_stopped_is_not_carried_out(editor):
    batch = Batch.objects.create(source="old-site", file="old.ris", made_by=editor)
    Planning(batch, lambda: iter([record()])).some()
    with pytest.raises(CommandError, match="not complete"):
        call_command("import_entries", "apply", batch.pk, by=editor.username)
    assert not Publication.objects.exists()
