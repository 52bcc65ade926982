"""Translations leave by the filter of the queue and come back as drafts, or not at all."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from pytest_django.asserts import assertContains

from research_hub.editorial.models import AuditEntry
from research_hub.translation.exchange import FORMATS, read
from research_hub.translation.models import Draft, Task
from tests.factories import make_event, make_publication, make_user

from .desk import send, states

pytestmark = pytest.mark.django_db
FILES = "/admin/translation/files/"


@pytest.fixture
def translator(client):
    user = make_user("translator")
    client.force_login(user)
    return user


def take_out(client, format="po", language="es", **query) -> bytes:
    answer = client.get(f"{FILES}download/", query | {"format": format, "language": language})
    assert answer.status_code == 200
    return answer.content


def bring_back(client, data: bytes, language="en"):
    prefix = "" if language == "en" else "/es"
    return client.post(f"{prefix}{FILES}", {"file": SimpleUploadedFile("back.po", data)}, follow=True)


def translated(data: bytes, **words) -> bytes:
    """As a translator's tool fills a PO in: each text by the original it belongs to."""
    text = data.decode()
    for source, target in words.items():
        text = text.replace(f'msgid "{source}"\nmsgstr ""', f'msgid "{source}"\nmsgstr "{target}"')
    return text.encode()


def test_what_the_filter_finds_leaves_with_its_context_and_nothing_else(client, translator):
    make_publication("One")
    make_event("Two")
    units = read(translated(take_out(client, type="event"), Two="Dos")).units
    assert [(unit.source, unit.target) for unit in units] == [("Two", "Dos")]
    text = take_out(client, type="event").decode()
    assert "#. Title" in text and "One" not in text
    assert AuditEntry.objects.filter(action="export").count() == 2


@pytest.mark.parametrize("format", FORMATS)
def test_every_format_comes_back_as_it_left(client, translator, format):
    make_publication("One", title_es="Uno", body_en="<p>A &amp; <em>b</em></p>", body_es="<p>A y <em>b</em></p>")
    data = take_out(client, format)
    assert bring_back(client, data).status_code == 200
    assert not Draft.objects.exists()  # nothing was changed in it


def test_what_comes_back_is_a_draft_of_who_brought_it(client, translator):
    entry = make_publication("One")
    assertContains(bring_back(client, translated(take_out(client), One="Uno")), "1 text is a draft now.")
    draft = Draft.objects.get()
    assert (draft.text, draft.source, draft.writers) == ("Uno", "One", [translator.pk])
    assert states(entry)["title"] == "draft"
    assert AuditEntry.objects.get(action="import").detail["texts"] == 1


def test_a_file_made_from_an_older_original_comes_back_as_stale(client, translator):
    entry = make_publication("One")
    data = translated(take_out(client), One="Uno")
    entry.title_en = "One and two"
    entry.save()
    assertContains(bring_back(client, data), "has changed since the file was made")
    assertContains(client.get(f"/admin/translation/text/{entry.uid}/"), "What changed since it was translated")
    send(client, entry, "submit")
    client.force_login(make_user("translator"))
    send(client, entry, "approve")
    assert states(entry)["title"] == "stale"


def test_a_draft_of_somebody_else_stays_and_ones_own_is_kept_beside_what_came_back(client, translator):
    mine, other = make_publication("Mine"), make_publication("Other")
    data = translated(take_out(client), Mine="Mío del archivo", Other="Otro del archivo")
    send(client, mine, "save", title="Mío")
    client.force_login(make_user("translator"))
    send(client, other, "save", title="Otro")
    client.force_login(translator)
    assertContains(bring_back(client, data), "which is kept")
    assert Draft.objects.get(uid=mine.uid).replaced == "Mío"
    assert Draft.objects.get(uid=mine.uid).text == "Mío del archivo"
    assert Draft.objects.get(uid=other.uid).text == "Otro"


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_file_with_a_fault_is_refused_whole_with_its_line(client, translator, language):
    make_publication("One")
    data = translated(take_out(client), One="Uno") + b'\nmsgctxt "zzzzzzzzzz/title"\nmsgid "Two"\nmsgstr "Dos"\n'
    page = bring_back(client, data, language)
    line = data.decode().split("\n").index('msgctxt "zzzzzzzzzz/title"') + 1
    assertContains(page, f"Line {line}:" if language == "en" else f"Línea {line}:", status_code=422)
    assertContains(page, "zzzzzzzzzz/title", status_code=422)
    assert not Draft.objects.exists()


def test_a_file_into_the_wrong_language_is_refused(client, translator):
    make_event(title="", title_es="Charla", source_language="es")
    data = take_out(client, language="en").replace(b"Language: en", b"Language: es").replace(
        b"X-Source-Language: es", b"X-Source-Language: en"
    )  # fmt: skip
    assert bring_back(client, translated(data, Charla="Talk")).status_code == 422


@pytest.mark.parametrize("data", [b"", b"GIF89a", b"<!DOCTYPE x [<!ENTITY a 'b'>]><xliff>&a;</xliff>", b'msgid "a'])
def test_what_is_no_such_file_is_refused_in_words(client, translator, data):
    page = client.post(FILES, {"file": SimpleUploadedFile("x.po", data or b" ")})
    assertContains(page, "Nothing of the file was taken in", status_code=422)
    assertContains(client.post(FILES), "Choose a file.", status_code=422)


def test_who_does_not_write_translations_brings_none_back(client):
    client.force_login(make_user("author"))
    assert client.get(FILES).status_code == 403
    assert client.post(FILES, {"file": SimpleUploadedFile("x.po", b"x")}).status_code == 403


def test_ten_times_as_many_take_no_more_queries(client, translator, django_assert_max_num_queries):
    for number in range(30):
        make_publication(f"Entry {number}")
    with django_assert_max_num_queries(20):
        take_out(client)
    assert Task.objects.count() == 30
