"""The columns of a table, looked at and corrected by hand, and remembered for the next file."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.urls import reverse

from research_hub.importing.models import Batch, Row
from tests.factories import make_type, make_user

from .test_batch_pages import page_of

pytestmark = pytest.mark.django_db

TABLE = "Rótulo;Título;Fecha;Autor;Notas internas\nAgua y precio;Uno;2017;Ana García;no\nTierra;Dos;2018;Luis Soto;sí\n"
RIGHT = {"column-0": "title_es", "column-1": "", "column-2": "date", "column-3": "authors", "column-4": ""}


@pytest.fixture
def importer(client):
    make_type("report")
    user = make_user("publisher", username="publisher")
    client.force_login(user)
    return user


def uploaded(client, content=TABLE, name="old.csv"):
    sent = {"upload": SimpleUploadedFile(name, content.encode()), "source": "old-site", "format": ""}
    client.post(reverse("admin:importing_batch_add"), sent)
    return Batch.objects.latest("pk")


def chosen(page):
    return {one["column"].header: one["chosen"] for one in page.context["asked"]}


def test_each_column_is_shown_with_examples_and_what_it_was_taken_for(client, importer):
    batch = uploaded(client)
    page = client.get(page_of(batch))
    assert chosen(page) == {"Rótulo": "", "Título": "title", "Fecha": "date", "Autor": "authors", "Notas internas": ""}
    assert "Agua y precio" in page.content.decode() and "Luis Soto" in page.content.decode()
    assert not batch.rows.exists()


def test_what_is_corrected_is_read_so_and_remembered_for_the_same_headers(client, importer):
    batch = uploaded(client)
    page = client.post(page_of(batch), RIGHT | {"do": "columns"}, follow=True)
    rows = batch.rows.order_by("number")
    assert [row.title for row in rows] == ["Agua y precio", "Tierra"] and "2 records would be" in page.content.decode()
    assert rows[0].record["title"] == {"es": "Agua y precio"} and "Título: Uno" not in str(rows[0].remarks)

    again = client.get(page_of(uploaded(client)))
    assert chosen(again)["Rótulo"] == "title_es" and chosen(again)["Título"] == "" and again.context["is_remembered"]
    other = client.get(page_of(uploaded(client, TABLE.replace("Rótulo", "Rubro"))))
    assert not other.context["is_remembered"]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"column-1": "title_es"}, "Several columns for one field"),
        ({"column-0": ""}, "Say which column has the title"),
        ({"column-4": "password"}, "There is no field"),
    ],
)
def test_what_cannot_be_is_told_and_what_was_chosen_stays(client, importer, wrong, said):
    batch = uploaded(client)
    page = client.post(page_of(batch), RIGHT | wrong | {"do": "columns"})
    assert said in page.content.decode() and chosen(page)["Fecha"] == "date"
    assert not batch.rows.exists()


def test_nothing_is_read_before_the_columns_are_said_nor_by_who_may_not(client, importer):
    batch = uploaded(client)
    assert "Say first" in client.post(page_of(batch), {"do": "go_on"}).content.decode()
    client.force_login(make_user("editor"))
    assert client.post(page_of(batch), RIGHT | {"do": "columns"}).status_code == 403
    assert not batch.rows.exists()


def test_a_table_that_cannot_be_read_says_so_in_its_plan(client, importer):
    upload = SimpleUploadedFile("a.xlsx", b"PK\x03\x04 no workbook")
    batch = Batch.objects.create(source="x", file="old.xlsx", format="table", upload=upload)
    client.post(page_of(batch), {"do": "go_on"})
    assert batch.rows.get().action == Row.Action.REFUSED


def plan(path, **options):
    call_command("import_entries", "plan", str(path), source="old-site", by="publisher", **options)
    return Batch.objects.latest("pk")


def test_by_command_columns_are_said_and_remembered(importer, tmp_path, capsys):
    path = tmp_path / "old.csv"
    path.write_text(TABLE)
    batch = plan(path, columns="Rótulo=title_es,Título=")
    assert batch.rows.get(number=1).record["title"] == {"es": "Agua y precio"}
    assert plan(path).rows.get(number=1).record["title"] == {"es": "Agua y precio"}
    assert "said of these headers before" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        ("Nada=title", "There is no column “Nada”"),
        ("Rótulo=title", "Several columns for one field, Title: Rótulo, Título"),
        ("Rótulo=titel", "There is no field “titel”"),
        ("Rótulo", "Write COLUMN=FIELD"),
    ],
)
def test_by_command_a_wrong_column_is_told_and_nothing_kept(importer, tmp_path, columns, said):
    path = tmp_path / "old.csv"
    path.write_text(TABLE)
    with pytest.raises(CommandError, match=said):
        plan(path, columns=columns)
    assert not Batch.objects.exists()
