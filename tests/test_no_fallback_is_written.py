"""A text in one language never gets into the column of the other, whatever writes: every form of the admin, every step,
every action and every command, in either language of the interface, on records that have one language only.

Forms, steps, actions, pages and commands are asked for by their registries: what nobody has tried here fails.
"""

import json
from contextlib import contextmanager
from datetime import timedelta
from io import BytesIO, StringIO
from itertools import product

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib import admin
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command, get_commands
from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation
from modeltranslation.fields import TranslationField
from modeltranslation.translator import translator
from PIL import Image as Picture

from publications.models import Publication, PublicationType, Series
from research_hub.activity.kinds import KINDS
from research_hub.demonstration.load import load_demonstration
from research_hub.demonstration.translations import CHANGED_SINCE
from research_hub.editorial import history
from research_hub.editorial.models import Entry
from research_hub.editorial.preview import PreviewLink
from research_hub.editorial.versions import snapshot
from research_hub.editorial.workflow import STEPS
from research_hub.media.models import Image
from research_hub.translation.exchange import FORMATS
from research_hub.translation.models import Draft
from tests import factories
from tests.admin.cast import address, form_at, press, row
from tests.translation import desk
from topics.models import FeaturedEntry

pytestmark = [pytest.mark.django_db, pytest.mark.once]

LANGUAGES = ["en", "es"]
TRANSLATED = sorted(translator.get_registered_models(abstract=False), key=lambda model: model._meta.label)
WITH_FORMS = [model for model in TRANSLATED if model in admin.site._registry]
ENTRIES = [model for model in WITH_FORMS if issubclass(model, Entry)]


# What is compared


def languages_of(model) -> dict[str, str]:
    """The columns with texts of one language, and that language."""
    columns = [field for field in model._meta.concrete_fields if isinstance(field, TranslationField)]
    reasons = {name: name[-2:] for name in ("reason_en", "reason_es") if hasattr(model, name)}
    return {field.attname: field.language for field in columns} | reasons


def neutral(model) -> set[str]:
    """The columns that modeltranslation keeps beside them and that nobody reads."""
    columns = [field for field in model._meta.concrete_fields if isinstance(field, TranslationField)]
    return {field.translated_field.attname for field in columns}


def texts() -> dict[tuple, dict[str, str]]:
    """Every text of the database, by model, key and column."""
    return {
        (model, stored.pk): {name: stored.__dict__[name] or "" for name in {*languages_of(model), *neutral(model)}}
        for model in TRANSLATED
        for stored in model._base_manager.all()
    }


@contextmanager
def nothing_foreign(written: str, *typed: str):
    """Meanwhile the rows there are keep all their texts but those typed, and new rows have texts in the language that
    everything is written in, and in no other."""
    before = texts()
    yield
    for (model, pk), now in texts().items():
        was = before.get((model, pk))
        for column, language in languages_of(model).items():
            place = f"{model.__name__}.{column} of {pk}"
            if was:
                assert column in typed or now[column] == was[column], place
            elif language != written:
                assert now[column] == "", place
        for column in neutral(model):
            assert now[column] in ("", now[f"{column}_en"], now[f"{column}_es"]), f"{model.__name__}.{column} of {pk}"


# Records in one language


def only(language: str, **words) -> dict:
    other = next(code for code in LANGUAGES if code != language)
    return {f"{name}_{language}": text for name, text in words.items()} | {f"{name}_{other}": None for name in words}


def picture() -> bytes:
    out = BytesIO()
    Picture.new("RGB", (40, 30), "teal").save(out, "PNG")
    return out.getvalue()


def pdf():
    return ContentFile(b"%PDF-1.4 %%EOF", "a.pdf")


def make_entry(model, language: str, status: str = "draft") -> Entry:
    """Whole, with rows of every sort."""
    make = MAKES[model._meta.label]
    people = "authors" if model is Publication else "speakers"
    own = {"subtitle": "Sobre el"} if model is Publication else {"venue": "Casa"}
    words = only(language, title="Agua", summary="Ambos.", body="<p>Texto</p>", **own)
    topic = factories.make_topic(**only(language, name="Agua"))
    author = factories.make_author(**only(language, role="Jefe", bio="<p>De ambos</p>"))
    around = {"topics": [topic], people: [author]}
    entry = make("", published=False, source_language=language, **around, **words)
    entry.downloads.create(language=language, file=pdf(), **only(language, label="Todo"))
    recording = only(language, label="Uno", transcript="Hola")
    entry.media.create(kind="video", url="https://media.example.org/1", **recording)
    entry.corrections.create(corrected_on="2024-06-03", **only(language, note="Era otro."))
    history.record(entry, "create", by=None)
    return bring(entry, status, language)


MAKES = {"publications.Publication": factories.make_publication, "events.Event": factories.make_event}


def bring(entry: Entry, status: str, language: str) -> Entry:
    """To this status, without the ways that lead there."""
    if status in ("published", "withdrawn"):
        entry = factories.publish(entry).main
        if status == "withdrawn":
            entry.withdraw(by=entry.published_by, **{f"reason_{language}": "Ya no."})
    else:
        entry.status = status
        entry.save()
    return entry


def make_series(language):
    return Series.objects.create(**only(language, name="Serie", description="<p>De notas</p>"))


def make_image(language):
    return Image.objects.create(file=ContentFile(picture(), "a.png"), **only(language, alt="Verde"))


def make_topic(language):
    """With an entry that it features."""
    topic = factories.make_topic(**only(language, name="Tierra", intro="<p>Una</p>"))
    entry = make_entry(Publication, language, "published")
    FeaturedEntry.objects.create(topic=topic, position=1, activity_id=KINDS["publication"].number(entry.pk))
    return topic


OTHERS = {
    "media.Image": make_image,
    "topics.Topic": make_topic,
    "topics.Region": lambda language: factories.make_region(**only(language, name="México")),
    "publications.Series": make_series,
    "publications.Author": lambda language: factories.make_author("Eva Luna", **only(language, role="Jefa")),
    "publications.PublicationType": lambda language: factories.make_type(),
}


def records(model, language: str) -> list:
    """Records of the model, each in a state that forms treat in another way."""
    with translation.override(settings.LANGUAGE_CODE):
        if model in ENTRIES:
            return [make_entry(model, language, status) for status in ("draft", "published", "withdrawn")]
        return [OTHERS[model._meta.label](language)]


def written_on(record):
    """The row as it is now, in which a form of the record writes."""
    stored = type(record)._base_manager.get(pk=record.pk)
    return getattr(stored, "written_on", stored)


@pytest.fixture(autouse=True)
def _administrator(client):
    client.force_login(factories.make_user("administrator", is_superuser=True))


@pytest.fixture
def spoken(request):
    """The language of the interface, which is the active one too, as in a command."""
    with translation.override(request.param):
        yield request.param


def every_way(function):
    ways = list(product(LANGUAGES, LANGUAGES))
    return pytest.mark.parametrize(("written", "spoken"), ways, indirect=["spoken"])(function)


def each(models):
    return pytest.mark.parametrize("model", models, ids=lambda model: model.__name__)


def test_every_translated_model_is_among_the_records_or_a_row_of_one():
    for model in WITH_FORMS:
        records(model, "es")
    assert {model for model in TRANSLATED if not model._base_manager.exists()} == set()


# Forms


@every_way
@each(WITH_FORMS)
def test_a_form_that_is_opened_and_sent_as_it_is_writes_nothing(client, model, written, spoken):
    buttons = ["_save", "_check"] if model in ENTRIES else ["_save"]
    for record, button in product(records(model, written), buttons):
        with nothing_foreign(written):
            answer = press(client, address(record, spoken), button)
            assert answer.status_code == (200 if button == "_check" else 302)


@every_way
@each(WITH_FORMS)
def test_a_text_that_is_typed_stands_in_its_own_column_only(client, model, written, spoken):
    columns = [name for name, language in languages_of(model).items() if language == written]
    column = next(name for name in columns if not name.startswith("slug"))
    for number, record in enumerate(records(model, written)):
        with nothing_foreign(written, column):
            assert press(client, address(record, spoken), **{column: f"Otro {number}"}).status_code == 302
        assert list(model._base_manager.filter(**{column: f"Otro {number}"})) == [written_on(record)]


NEW = {
    "events.Event": {"title": "Nuevo", "summary": "Nuevo.", "venue": "Casa"},
    "media.Image": {"alt": "Nuevo"},
    "publications.Author": {"role": "Nueva"},
    "publications.Publication": {"title": "Nuevo", "subtitle": "Nuevo", "body": "<p>Nuevo</p>"},
    "publications.Series": {"name": "Nueva"},
    "topics.Region": {"name": "Nueva"},
    "topics.Topic": {"name": "Nuevo", "intro": "<p>Nuevo</p>"},
}
IN_BOTH = {PublicationType}  # its form asks for both languages


@every_way
@each([model for model in WITH_FORMS if model not in IN_BOTH])
def test_what_is_made_in_one_language_is_in_that_one(client, model, written, spoken):
    further = {
        "events.Event": {"source_language": written, "time_zone": "UTC"},
        "media.Image": {"file": SimpleUploadedFile("a.png", picture())},
        "publications.Author": {"name": "Nora Paz"},
        "publications.Publication": {"source_language": written, "type": factories.make_type().pk},
    }
    typed = {f"{name}_{written}": text for name, text in NEW[model._meta.label].items()}
    with nothing_foreign(written):
        url = address(model(), spoken, "add")
        assert press(client, url, **typed | further.get(model._meta.label, {})).status_code == 302
    assert model._base_manager.count() == 1


@every_way
@pytest.mark.parametrize("status", ["draft", "published"])
@each(ENTRIES)
def test_rows_that_are_added_are_in_one_language_too(client, model, status, written, spoken):
    entry = make_entry(model, written, status)
    url = address(entry, spoken)
    sent = form_at(client, url) | {"downloads-TOTAL_FORMS": "2", "media-TOTAL_FORMS": "2"}
    upload = SimpleUploadedFile("b.pdf", factories.make_pdf().read())
    typed = row("downloads", 1, file=upload, language=written, **{f"label_{written}": "Nuevo"})
    typed |= row("media", 1, kind="audio", url="https://media.example.org/2", **{f"label_{written}": "Dos"})
    with nothing_foreign(written):
        assert press(client, url, sent=sent, **typed).status_code == 302
    stored = written_on(entry)
    assert (stored.downloads.count(), stored.media.count()) == (2, 2)


# Steps and actions


def ready_for(step, entry: Entry, language: str) -> Entry:
    """The entry where it may take the step."""
    if step.of == "copy":
        live = bring(entry, "published", language)
        return live.work_on(snapshot(live), by=None)
    entry = bring(entry, next(status for status in Entry.Status.values if status in step.sources), language)
    planned = {"unschedule": "publish_at", "keep": "withdraw_at"}.get(step.code)
    if planned:
        plan(entry, **{planned: timezone.now() + timedelta(days=1)})
    return entry


def plan(entry: Entry, **moment) -> None:
    type(entry)._base_manager.filter(pk=entry.pk).update(scheduled_by=factories.make_user("publisher"), **moment)


@every_way
@pytest.mark.parametrize("code", STEPS)
def test_no_step_of_the_workflow_writes_a_text_but_its_reason(client, code, written, spoken):
    tomorrow = timezone.localdate() + timedelta(days=1)
    answers = {
        "note": "Nota", f"reason_{written}": "Ya no.", "moment_0": tomorrow.isoformat(), "moment_1": "12:00",
        f"on_title_{written}": "Corto",
    }  # fmt: skip
    for model in ENTRIES:
        entry = ready_for(STEPS[code], make_entry(model, written), written)
        url = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_step", args=[entry.pk, code])
        asked = form_at(client, url)
        with nothing_foreign(written, f"reason_{written}"):
            taken = press(client, url, sent=asked | {name: answers[name] for name in answers.keys() & asked.keys()})
            assert taken.status_code == 302


@every_way
@each(ENTRIES)
def test_a_working_copy_that_is_written_and_published_carries_nothing_over(client, model, written, spoken):
    live = make_entry(model, written, "published")
    column = f"title_{written}"
    with nothing_foreign(written, column):
        press(client, address(live, spoken), **{column: "Otro título"})
        bring(written_on(live), "published", written)
    live.refresh_from_db()
    assert live.written_on == live
    assert getattr(live, column) == "Otro título"


WHERE_IT_DOES_SOMETHING = {"submit_chosen": "draft", "approve_chosen": "in_review", "publish_chosen": "approved"}


@every_way
@each(WITH_FORMS)
def test_no_action_on_many_writes_a_text(client, model, written, spoken):
    url = address(model(), spoken, "changelist")
    chosen = records(model, written)
    offered = client.get(url).context["action_form"].fields["action"].choices
    for action in sorted({code for code, _words in offered} - {"", "delete_selected", "merge_chosen"}):  # a page asks
        entry = make_entry(model, written, WHERE_IT_DOES_SOMETHING[action])
        with nothing_foreign(written):
            client.post(url, {"action": action, "_selected_action": [record.pk for record in [*chosen, entry]]})
        assert model._base_manager.get(pk=entry.pk).status != entry.status
    doomed = records(model, written)[0]
    with nothing_foreign(written):
        sent = {"action": "delete_selected", "_selected_action": [doomed.pk], "post": "yes"}
        assert client.post(url, sent).status_code == 302
    assert not model._base_manager.filter(pk=doomed.pk).exists()


# What brings back


@every_way
@each(ENTRIES)
def test_an_older_version_that_comes_back_is_in_the_language_that_it_was_in(client, model, written, spoken):
    for status in ("draft", "published"):
        entry = make_entry(model, written, status)
        press(client, address(entry, spoken), **{f"title_{written}": "Otro", f"summary_{written}": "Otro."})
        url = address(entry, spoken).replace("/change/", "/restore/1/")
        with nothing_foreign(written, f"title_{written}", f"summary_{written}"):
            assert client.post(url).status_code == 302
        assert getattr(written_on(entry), f"title_{written}") == "Agua"


@every_way
@each(ENTRIES)
def test_a_deleted_draft_that_comes_back_is_in_the_language_that_it_was_in(client, model, written, spoken):
    entry = make_entry(model, written)
    with nothing_foreign(written):
        client.post(address(entry, spoken, "delete"), {"post": "yes"})
        assert not type(entry)._base_manager.exists()
        name = f"admin:{entry._meta.app_label}_{entry._meta.model_name}_recover"
        assert client.post(reverse(name, args=[entry.uid])).status_code == 302
    assert getattr(type(entry)._base_manager.get(), f"title_{written}") == "Agua"


@every_way
@each(ENTRIES)
def test_looking_at_an_entry_writes_nothing(client, model, written, spoken):
    entry = make_entry(model, written, "published")
    press(client, address(entry, spoken), **{f"title_{written}": "Otro"})
    copy = written_on(entry)
    name = f"admin:{entry._meta.app_label}_{entry._meta.model_name}"
    with nothing_foreign(written):
        for page in ("preview", "compare", "history", "change", "changelist"):
            url = reverse(f"{name}_{page}", args=[] if page == "changelist" else [copy.pk])
            assert client.get(url).status_code == 200
        for number in ("", "1"):  # what is being written, and the first version
            client.post(reverse(f"{name}_preview", args=[copy.pk]), {"days": "7", "number": number})
        for link, language in product(PreviewLink.objects.all(), LANGUAGES):
            assert client.get(f"{link.get_absolute_url()}page/", {"lang": language}).status_code == 200
            assert client.get(entry.get_absolute_url(language)).status_code == 200
    assert PreviewLink.objects.count() == 2


# The translation desk


TRIED = {
    "translation", "translation_next", "translation_progress", "translation_exchange", "translation_download",
    "translation_text",
}  # fmt: skip


def test_every_page_that_an_app_puts_into_the_admin_is_tried():
    assert {url.name for url in admin.site.pages} == TRIED


@every_way
@each(ENTRIES)
def test_the_desk_writes_nothing_of_what_it_shows(client, model, written, spoken):
    for entry in records(model, written):
        with nothing_foreign(written):
            for name in TRIED - {"translation_text", "translation_download"}:
                client.get(reverse(f"admin:{name}"))
            for button, answer in (
                ("save", 302),
                ("next", 302),
                ("submit", 422),
                ("approve", 422),
            ):  # there is no draft
                assert desk.send(client, entry, button, spoken).status_code == answer


@every_way
@each(ENTRIES)
def test_what_a_translator_writes_stands_in_the_other_language_and_nowhere_else(client, model, written, spoken):
    entry = make_entry(model, written, "published")
    foreign = next(code for code in LANGUAGES if code != written)
    with nothing_foreign(written, f"title_{foreign}", f"slug_{foreign}"):
        desk.send(client, entry, "submit", spoken, title="Water")
        client.force_login(factories.make_user("administrator"))
        desk.send(client, entry, "approve", spoken)
    assert getattr(written_on(entry), f"title_{foreign}") == "Water"


@every_way
@pytest.mark.parametrize("format", FORMATS)
def test_a_file_that_leaves_and_comes_back_writes_nothing_of_what_was_not_translated(client, format, written, spoken):
    foreign = next(code for code in LANGUAGES if code != written)
    for model in ENTRIES:
        make_entry(model, written, "published")
    with nothing_foreign(written):
        file = client.get(reverse("admin:translation_download"), {"format": format, "language": foreign})
        assert b"Agua" in file.content
        upload = SimpleUploadedFile("back", file.content)
        assert client.post(reverse("admin:translation_exchange"), {"file": upload}).status_code in (200, 302)
        assert not Draft.objects.exists()


# Commands


# `demo` serves until it is stopped, and what it writes is compared below; the others put back what was there, or
# know of no text.
SEEN_ELSEWHERE = {"demo", "backup", "restore", "import_archive", "move_to", "account", "doctor"}


def commands() -> set[str]:
    """Those of this project."""
    ours = {config.name for config in apps.get_app_configs() if str(settings.BASE_DIR / "research_hub") in config.path}
    ours |= {"topics", "publications", "events"}
    return {name for name, app in get_commands().items() if app in ours} - SEEN_ELSEWHERE


@pytest.fixture
def arguments(tmp_path, db):
    """What each command is called with."""
    log = tmp_path / "access.log"
    log.write_text("".join(f'- - - [31/Aug/2026:13:55:36 -0600] "GET {path} HTTP/1.1" 200 9\n' for path in PATHS))
    lines = tmp_path / "lines.jsonl"
    lines.write_text(json.dumps({"id": "1", "kind": "publication", "title_en": "Water", "date": "2017"}) + "\n")
    by = factories.make_user("publisher").username
    importing = ["plan", str(lines), "--source", "old-site", "--by", by]
    given = {"count_reads": [str(log)], "import_entries": importing, "export_archive": [str(tmp_path / "site.zip")]}
    return {command: [] for command in WITHOUT_ARGUMENTS} | given


PATHS = ["/publications/agua/", "/es/publicaciones/agua/"]
WITHOUT_ARGUMENTS = [
    "check_activity", "check_translations", "install_roles", "make_renditions", "make_translations", "publish_due",
    "rebuild_activity", "remove_unnamed_files", "send_notices",
]  # fmt: skip


def test_every_command_is_tried(arguments):
    assert set(arguments) == commands()


@every_way
def test_no_command_writes_a_text(arguments, written, spoken, mailoutbox):
    past = timezone.now() - timedelta(minutes=1)
    for model in ENTRIES:
        records(model, written)
        plan(make_entry(model, written, "approved"), publish_at=past)
        plan(make_entry(model, written, "published"), withdraw_at=past)
    for command, given in arguments.items():
        with nothing_foreign(written):
            call_command(command, *given, stdout=StringIO(), stderr=StringIO())
    assert [model.objects.filter(scheduled_by__isnull=False).exists() for model in ENTRIES] == [False, False]


def test_the_demonstration_is_the_same_whatever_language_is_spoken():
    loaded = []
    for language in LANGUAGES:
        with transaction.atomic(), translation.override(language):
            load_demonstration()
            loaded.append(sorted(sorted(found.items()) for found in own_texts()))
            transaction.set_rollback(True)
    assert loaded[0] == loaded[1] != []


def own_texts():
    """Without the sentence that makes some entries stale: which ones is left to chance."""
    for (model, _pk), found in texts().items():
        yield {column: found[column].removesuffix(CHANGED_SINCE) for column in languages_of(model)}
