"""A file brought into the admin: planned, looked at, taken in and taken back, by who may."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import translation

from publications.models import Publication
from research_hub.importing.apply import Applied, Planning
from research_hub.importing.models import Batch, Equivalent
from tests.factories import make_topic, make_type, make_user

pytestmark = pytest.mark.django_db

LINES = [
    {"id": "1", "kind": "publication", "subtype": "report", "title_en": "The Price of Water", "title_es": "",
     "summary_en": "What it costs.", "summary_es": "", "date": "2017-02", "date_precision": "month", "language": "en",
     "authors": ["García, Ana"], "topics": ["H2O"], "url": "https://old.example/water"},
    {"id": "2", "kind": "publication", "subtype": "report", "title_en": "", "title_es": "", "summary_en": "",
     "summary_es": "", "date": None, "date_precision": None, "language": "en", "authors": [], "topics": [], "url": ""},
]  # fmt: skip


@pytest.fixture
def importer(client):
    make_type("report")
    user = make_user("publisher")
    client.force_login(user)
    return user


def upload(client, name="old.jsonl", lines=LINES, **fields):
    content = "\n".join(json.dumps(line) for line in lines).encode()
    sent = {"upload": SimpleUploadedFile(name, content), "source": "old-site", "format": ""} | fields
    return client.post(reverse("admin:importing_batch_add"), sent)


def page_of(batch):
    return reverse("admin:importing_batch_change", args=[batch.pk])


def go_on(client, batch, **do):
    return client.post(page_of(batch), do or {"do": "go_on"}, follow=True)


def planned(client):
    upload(client)
    batch = Batch.objects.get()
    go_on(client, batch)
    return batch


@pytest.mark.parametrize("number", ["0", "9" * 30, "½", "²", "x"])
def test_there_is_no_page_of_a_number_that_no_batch_has(client, importer, number):
    assert client.get(reverse("admin:importing_batch_change", args=[number])).status_code == 404


def test_a_file_is_planned_and_nothing_taken_in(client, importer):
    batch = planned(client)
    page = client.get(page_of(batch)).content.decode()
    assert "1 record would be taken in" in page and "Topic not known here: H2O" in page
    assert "Give the title" in page
    assert not Publication.objects.exists()


def test_it_is_taken_in_and_taken_back(client, importer):
    batch = planned(client)
    go_on(client, batch, do="apply")
    batch.refresh_from_db()
    assert batch.state == "applied" and Publication.objects.get().created_by == importer
    go_on(client, batch, do="undo")
    batch.refresh_from_db()
    assert batch.state == "undone" and not Publication.objects.exists()


def test_a_publisher_cannot_publish_what_nobody_reviewed(client, importer):
    batch = planned(client)
    assert b'name="publish"' not in client.get(page_of(batch)).content
    go_on(client, batch, do="apply", publish="on")
    assert Publication.objects.get().status == "draft"


@pytest.mark.parametrize("role", ["author", "editor", "translator"])
def test_who_may_not_import_finds_no_page(client, importer, role):
    batch = planned(client)
    client.force_login(make_user(role))
    assert client.get(page_of(batch)).status_code == 403
    assert client.post(page_of(batch), {"do": "apply"}).status_code == 403
    assert client.get(reverse("admin:importing_batch_add")).status_code == 403
    assert client.get(reverse("admin:importing_batch_table", args=[batch.pk])).status_code == 403
    assert not Publication.objects.exists()


def test_a_step_out_of_turn_does_nothing(client, importer):
    batch = planned(client)
    assert "look at it again" in go_on(client, batch, do="undo").content.decode()
    assert not Publication.objects.exists()


def test_a_file_of_an_unknown_format_is_refused_and_nothing_kept(client, importer):
    answer = client.post(
        reverse("admin:importing_batch_add"),
        {"upload": SimpleUploadedFile("notes.bin", b"\x00\x01"), "source": "old-site", "format": ""},
    )
    assert "not recognised" in answer.content.decode() and not Batch.objects.exists()


def test_the_table_holds_the_whole_plan_and_no_formula(client, importer):
    upload(client, lines=[LINES[0] | {"title_en": "=1+1"}])
    batch = Batch.objects.get()
    go_on(client, batch)
    answer = client.get(reverse("admin:importing_batch_table", args=[batch.pk]))
    table = b"".join(answer.streaming_content).decode("utf-8-sig")
    assert table.splitlines()[0].startswith('"number","place"') and "'=1+1" in table


def test_a_word_of_the_source_is_said_once_and_known_the_next_time(client, importer):
    water = make_topic("Water")
    client.post(
        reverse("admin:importing_equivalent_add"),
        {"source": "old-site", "what": "topic", "word": "H2O", "topic": water.pk},
    )
    assert Equivalent.objects.get().record == water.pk
    go_on(client, planned(client), do="apply")
    assert Publication.objects.get().topics.get() == water


def test_a_word_means_what_it_stands_for_and_nothing_else(client, importer):
    water = make_topic("Water")
    answer = client.post(
        reverse("admin:importing_equivalent_add"),
        {"source": "old-site", "what": "type", "word": "H2O", "topic": water.pk},
    )
    assert "stands for something else" in answer.content.decode() and not Equivalent.objects.exists()


def test_a_publisher_cannot_take_from_readers_what_an_administrator_published_without_review(client, importer):
    make_topic("Water")
    upload(client, lines=[LINES[0] | {"topics": ["Water"]}])
    batch = Batch.objects.get()
    go_on(client, batch)
    client.force_login(make_user("administrator", username="admin"))
    go_on(client, batch, do="apply", publish="on")
    assert Publication.objects.get().status == "published"
    client.force_login(importer)
    assert b'value="undo"' not in client.get(page_of(batch)).content
    assert go_on(client, batch, do="undo").status_code == 403
    Batch.objects.update(state=Batch.State.UNDOING)
    assert b'id="go-on"' not in client.get(page_of(batch)).content
    assert go_on(client, batch, do="go_on").status_code == 403
    assert Publication.objects.get().status == "published"


def test_a_file_that_is_read_in_two_windows_is_read_once(client, importer, monkeypatch):
    upload(client)
    batch = Batch.objects.get()
    some = Planning.some

    def overtaken(work):
        monkeypatch.setattr(Planning, "some", some)
        go_on(client, batch)
        return some(work)

    monkeypatch.setattr(Planning, "some", overtaken)
    assert go_on(client, batch).status_code == 200
    assert batch.rows.count() == 2 and Batch.objects.get().state == "planned"


def table_of(client, batch, name):
    """In Spanish, as it is sent: after the language of the page has ended."""
    with translation.override("es"):
        address = reverse(f"admin:importing_batch_{name}", args=[batch.pk])
    answer = client.get(address)
    translation.activate("en")
    return b"".join(answer.streaming_content).decode("utf-8-sig")


def test_the_tables_speak_the_language_of_the_page(client, importer):
    batch = planned(client)
    assert '"Crear"' in table_of(client, batch, "table") and "Refused" not in table_of(client, batch, "table")
    assert '"En un solo idioma"' in table_of(client, batch, "findings")


@pytest.mark.parametrize(
    ("content", "why"),
    [(b"", "empty"), (b"\xd0\xcf\x11\xe0 old", "old format of Excel"), (b"PK\x03\x04 some", "This is an archive")],
)
def test_why_a_file_cannot_be_read_is_said_with_what_to_do(client, importer, content, why):
    sent = {"upload": SimpleUploadedFile("old.bin", content), "source": "old-site", "format": ""}
    answer = client.post(reverse("admin:importing_batch_add"), sent)
    assert why in answer.content.decode() and not Batch.objects.exists()


@pytest.mark.parametrize("format", ["ris", "table"])
def test_what_a_command_reads_is_shown_and_left_to_it(client, importer, format):
    batch = Batch.objects.create(source="x", file="old", format=format, made_by=importer)
    page = client.get(page_of(batch)).content.decode()
    assert "0 records read so far" in page and "go-on" not in page.partition("<main")[2]
    assert "bring it in anew" in go_on(client, batch).content.decode()


def test_files_that_are_gone_are_told_and_nothing_is_pressed_again(client, importer):
    upload(client)
    batch = Batch.objects.get()
    batch.upload.storage.delete(batch.upload.name)
    page = client.post(page_of(batch), {"do": "go_on"}).content.decode()
    assert "bring it in anew" in page and 'id="go-on"' not in page

    batch = Batch.objects.create(source="x", file="old.ris", state="planned", folder="/nowhere", made_by=importer)
    assert "is not there" in client.post(page_of(batch), {"do": "apply"}).content.decode()
    batch.refresh_from_db()
    assert batch.state == "planned"


def test_of_two_who_press_at_once_the_first_says_whether_it_is_public(client, importer, monkeypatch):
    """Else the second could take from readers what the first made public."""
    make_topic("Water")
    upload(client, lines=[LINES[0] | {"topics": ["Water"]}])
    batch = Batch.objects.get()
    go_on(client, batch)
    begin = Applied.begin

    def overtaken(work):
        monkeypatch.setattr(Applied, "begin", begin)
        client.force_login(make_user("administrator", username="admin"))
        go_on(client, batch, do="apply", publish="on")
        begin(work)

    monkeypatch.setattr(Applied, "begin", overtaken)
    go_on(client, batch, do="apply")
    batch.refresh_from_db()
    assert batch.is_to_be_public and Publication.objects.get().status == "published"


def test_nothing_is_offered_to_be_taken_back_where_nothing_was_taken_in(client, importer):
    batch = planned(client)
    go_on(client, batch, do="apply")
    assert 'value="undo"' in client.get(page_of(batch)).content.decode()
    upload(client)
    again = Batch.objects.latest("pk")
    go_on(client, again)
    Batch.objects.filter(pk=again.pk).update(state="applied")
    assert 'value="undo"' not in client.get(page_of(again)).content.decode()
