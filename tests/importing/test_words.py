"""The words of a source, said on one page: what they mean here, or that they are left out."""

import pytest
from django.urls import reverse

from publications.models import Publication
from research_hub.importing.models import Batch, Equivalent
from tests.factories import make_topic, make_user

from .test_batch_pages import LINES, go_on, importer, page_of, planned, upload

__all__ = ["importer"]
pytestmark = pytest.mark.django_db


def words_page(batch):
    return reverse("admin:importing_batch_words", args=[batch.pk])


def test_what_is_said_of_a_word_counts_at_once(client, importer):
    water, batch = make_topic("Water"), planned(client)
    page = client.get(words_page(batch)).content.decode()
    assert (
        "H2O" in page and "1 record" in page and "Words not known here" in client.get(page_of(batch)).content.decode()
    )
    client.post(words_page(batch), {"topic:H2O": water.pk})
    assert go_on(client, batch).status_code == 200
    assert "not known here: H2O" not in client.get(page_of(batch)).content.decode()
    assert "Every word of it is known" in client.get(words_page(batch)).content.decode()
    go_on(client, batch, do="apply")
    assert Publication.objects.get().topics.get() == water


def test_a_word_that_is_left_out_is_not_asked_about_again_in_any_spelling(client, importer):
    upload(client, lines=[LINES[0] | {"topics": ["H2O", "Agua"]}, LINES[0] | {"id": "3", "topics": ["agua"]}])
    batch = Batch.objects.get()
    go_on(client, batch)
    assert [word["word"].count for word in client.get(words_page(batch)).context["asked"]] == [2, 1]
    client.post(words_page(batch), {"topic:Agua": "-"})
    assert Equivalent.objects.get().record is None
    go_on(client, batch)
    assert [word["word"].word for word in client.get(words_page(batch)).context["asked"]] == ["H2O"]


def test_a_word_means_only_what_is_offered(client, importer):
    batch = planned(client)
    page = client.post(words_page(batch), {"topic:H2O": "999"}).content.decode()
    assert "cannot mean that" in page and not Equivalent.objects.exists()
    client.post(words_page(batch), {"topic:Other": str(make_topic("Water").pk)})
    assert not Equivalent.objects.exists()


def test_what_was_taken_in_is_not_read_anew(client, importer):
    water, batch = make_topic("Water"), planned(client)
    go_on(client, batch, do="apply")
    client.post(words_page(batch), {"topic:H2O": water.pk})
    batch.refresh_from_db()
    assert batch.state == "applied" and batch.rows.exists() and Equivalent.objects.exists()


@pytest.mark.parametrize("role", ["author", "editor", "translator"])
def test_who_may_not_import_says_nothing(client, importer, role):
    water, batch = make_topic("Water"), planned(client)
    client.force_login(make_user(role))
    assert client.get(words_page(batch)).status_code == 403
    assert client.post(words_page(batch), {"topic:H2O": water.pk}).status_code == 403
    assert not Equivalent.objects.exists()
