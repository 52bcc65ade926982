"""The admin in Spanish: no page of it has a word that its English page has too, and Django's own sentences fit whatever
they speak of."""

import re
from pathlib import Path

import django
import django_prose_editor
import polib
import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import Group
from django.db import models
from django.urls import NoReverseMatch, reverse
from django.utils import translation
from django.utils.translation import gettext
from pytest_django.asserts import assertContains, assertNotContains

from research_hub.activity.models import Activity
from research_hub.editorial.audit import AuditEntry
from research_hub.editorial.models import Entry
from research_hub.editorial.wording import DJANGO, EDITOR
from tests.factories import make_author, make_publication, make_topic, make_user
from tests.pages import soup

from .cast import address, form_at, press
from .test_unchanged_forms import make_everything

pytestmark = [pytest.mark.django_db, pytest.mark.once]

# Names, abbreviations, and words that are the same in both languages.
SAME = {
    "Research Hub", "English", "Español", "Series", "Audio", "Video", "Plan", "Original", "Plural [en]", "Plural [es]",
    "PDF", "JPEG", "DOI", "ISBN", "ORCID", "UTC", "PO (gettext)", "XLIFF", "bytes", "No", "series",
}  # fmt: skip
READ_OUT = ["title", "placeholder", "aria-label", "alt"]
TEXTS = models.CharField | models.TextField | models.FileField

# What Django's admin has for every model, and ours for entries; a name that leads nowhere for a model is passed over.
VIEWS = ["changelist", "add", "change", "history", "delete", "password_change", "compare", "preview", "deleted", "step"]
OTHERS = ["index", "my_notices", "password_change", "password_change_done", "jsi18n"]


@pytest.fixture(autouse=True)
def _administrator(client):
    client.force_login(make_user("administrator", is_superuser=True))


def phrases(page) -> set[str]:
    """What the page says to eye and ear, but for what is typed and what is marked to be in another language."""
    for element in page.select("script, style, textarea, body [lang], datalist"):
        element.decompose()
    said = [*page.stripped_strings, *(tag[name] for tag in page.select("*") for name in READ_OUT if tag.get(name))]
    return pieces(said + [tag["value"] for tag in page.select("input[type=submit]")])


def pieces(texts) -> set[str]:
    found = {piece.strip(" :›·.0123456789") for text in texts for piece in re.split(r" \| |, ", " ".join(text.split()))}
    return {piece for piece in found if re.search(r"[^\W\d]{2}", piece)}


def content() -> set[str]:
    """Every text of the database."""
    texts = set()
    for model in apps.get_models():
        names = [field.attname for field in model._meta.fields if isinstance(field, TEXTS)]
        for record in model._base_manager.all():
            texts |= {str(record), *(str(record.__dict__[name]) for name in names)}
    return pieces(texts)


def names_and_arguments(records) -> list[tuple]:
    """The addresses of the admin, as they are asked for in any language."""
    uid = next(record.uid for record in records if isinstance(record, Entry))
    found = [(f"admin:{name}", []) for name in OTHERS]
    found += [(f"admin:{url.name}", arguments) for url in admin.site.pages for arguments in ([], [uid])]
    for record in records:
        for view in VIEWS:
            name = f"admin:{record._meta.app_label}_{record._meta.model_name}_{view}"
            found += [(name, arguments) for arguments in ([], [record.pk], [record.pk, "submit"])]
    return [pair for pair in found if leads_somewhere(*pair)]


def leads_somewhere(name: str, arguments: list) -> bool:
    try:
        return bool(reverse(name, args=arguments))
    except NoReverseMatch:
        return False


def spoken(client, language: str, name: str, arguments: list) -> set[str]:
    with translation.override(language):
        page = client.get(reverse(name, args=arguments))
    return phrases(soup(page)) if page["Content-Type"].startswith("text/html") else set()


def test_no_page_says_in_spanish_what_it_says_in_english(client, tmp_path):
    records = [*make_everything(tmp_path).values(), Activity.objects.first(), AuditEntry.objects.first()]
    left = {}
    for name, arguments in names_and_arguments(records):
        both = spoken(client, "en", name, arguments) & spoken(client, "es", name, arguments)
        left |= dict.fromkeys(both, name)
    known = SAME | content()
    assert {phrase: name for phrase, name in left.items() if phrase not in known} == {}


def test_what_is_said_of_a_record_fits_one_of_either_gender(client):
    topic = make_topic()
    said = press(client, address(topic, "es"), "_continue").headers["Location"]
    assertContains(client.get(said), "Se guardaron los cambios: tema")
    assertContains(client.get(address(topic, "es", "delete")), "¿Desea eliminar tema «Agua»?")


def test_the_rights_of_a_group_and_the_roles_of_an_account_are_named_in_spanish(client):
    group = Group.objects.get(name="publisher")
    form = soup(client.get(address(group, "es")))
    rights = [option.text for option in form.select("#id_permissions option")]
    assert "Publicaciones: publicar, programar y retirar" in rights
    assert not [right for right in rights if "Can " in right or "May " in right]
    roles = soup(client.get(address(make_user("publisher"), "es"))).select("#id_groups label")
    assert "Responsable de publicación" in [role.text.strip() for role in roles]


def test_who_deletes_a_group_is_not_asked_about_its_rights_one_by_one(client):
    page = client.get(address(Group.objects.get(name="editor"), "es", "delete"))
    assertContains(page, "Eliminar")
    assertNotContains(page, "relationship")
    assertNotContains(page, "object (")


def test_yes_and_no_are_read_out_in_spanish(client):
    author = make_author()
    for language, words in (("en", "Yes"), ("es", "Sí")):
        assert soup(client.get(address(author, language, "changelist"))).select_one(".field-active").get_text() == words


def test_what_somebody_else_has_saved_is_said_by_its_name_and_not_by_its_code(client):
    draft = make_publication(published=False)
    opened = form_at(client, address(draft, "es"))
    press(client, address(draft, "es"), title_en="Newer", source_language="es", title_es="Más nuevo")
    page = press(client, address(draft, "es"), sent=opened)
    assertContains(page, "Guardado ahora: Español")


# Messages of others


def django_says(language: str) -> dict[str, str]:
    folders = [Path(django.__file__).parent / part for part in ("conf", "contrib/admin", "contrib/auth")]
    files = [folder / f"locale/{language}/LC_MESSAGES/django.po" for folder in folders]
    return {entry.msgid: entry.msgstr for file in files for entry in polib.pofile(str(file))}


@pytest.mark.parametrize("message", DJANGO)
def test_each_sentence_that_we_say_in_djangos_place_is_one_of_djangos(message):
    assert message in django_says("en")
    with translation.override("es"):
        assert gettext(message) not in (message, django_says("es")[message])


def test_the_words_of_the_rich_text_editor_are_its_own_and_are_sent_in_spanish(client):
    script = Path(django_prose_editor.__file__).parent / "static/django_prose_editor/editor.js"
    its_words = re.sub(r"(?i)(heading )\$\{\w+\}", r"\g<1>2\g<1>3\g<1>4", script.read_text(encoding="utf-8"))
    assert [word for word in EDITOR if word.casefold() not in its_words.casefold()] == []
    catalogue = client.get("/es/admin/jsi18n/").content.decode()
    assert '"bold": "negrita"' in catalogue
    assert '"bold": "bold"' in client.get("/admin/jsi18n/").content.decode()
