"""Opening a form and saving it changes nothing, in either language of the interface."""

from datetime import UTC, datetime

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group
from django.core.files.base import ContentFile
from PIL import Image as Picture

from research_hub.activity.kinds import KINDS
from research_hub.activity.models import Activity, Listing
from research_hub.editorial.audit import AuditEntry
from research_hub.finding.legacy import LegacyAddress
from research_hub.importing.models import Batch, Equivalent
from research_hub.media.models import Image
from research_hub.translation.models import Term
from tests import factories
from topics.models import FeaturedEntry

from .cast import address, columns, press

pytestmark = pytest.mark.django_db

MOMENTS_AND_PEOPLE = {"updated_at", "updated_by_id", "version"}


def make_image(**fields):
    path = fields.pop("path")
    Picture.new("RGB", (40, 30), "teal").save(path)
    return Image.objects.create(file=ContentFile(path.read_bytes(), "a.png"), alt_en="A teal square", **fields)


def make_everything(folder):
    """One whole record of every model of the admin, with rows that belong to it, by the model's name."""
    image = make_image(path=folder / "teal.png", credit=" stored with a space ")
    parent = factories.make_topic("Environment", "Medio ambiente")
    topic = factories.make_topic(parent=parent, intro_en="<p>One\ntwo</p>", image=image)
    region = factories.make_region()
    series = factories.make_series(description_en="<p>Notes</p>")
    user = factories.make_user("editor", last_name="Soto")
    author = factories.make_author(variants=["A. García", "García, A."], photo=image, user=user)
    publication = factories.make_publication(
        date="2017-08", topics=[topic, parent], regions=[region], authors=[author], media=["video"],
        subtitle_es="Subtítulo", body_en="<p>Text with <strong>weight</strong></p>", number="3", series=series,
        doi="10.1000/182", cover=image, summary_en="Two lines\nof a summary. ",
    )  # fmt: skip
    publication.related.add(factories.make_publication("Another", topics=[parent]))
    publication.downloads.create(language="en", file=ContentFile(b"%PDF-1.4 %%EOF", "a.pdf"), label_en="Whole")
    event = factories.make_event(
        topics=[topic], regions=[region], speakers=[author], media=["audio"], time_zone="Europe/Madrid",
        starts_at=datetime(2024, 10, 27, 1, 15, 30, 123456, UTC), venue_es="Casa",  # an hour that came twice there
    )  # fmt: skip
    event.publications.add(publication)
    withdrawn = factories.make_publication("Withdrawn", topics=[topic])
    for position, entry in enumerate((publication, withdrawn), start=1):
        number = KINDS["publication"].number(entry.pk)
        FeaturedEntry.objects.create(topic=topic, activity_id=number, position=position)
    withdrawn.withdraw(by=user)
    records = [image, topic, region, series, user, author, publication, event, publication.type]
    records += [Group.objects.get(name="editor"), Term.objects.create(term_en="water right", term_es="derecho de agua")]
    records.append(LegacyAddress.objects.create(address="/index.php?id=1", uid=publication.uid))
    records.append(Equivalent.objects.create(source="old-site", what="topic", word="H2O", topic=topic))
    return {record._meta.label: record for record in records}


READ_ONLY = (Activity, AuditEntry, Batch)
EDITABLE = [model._meta.label for model in admin.site._registry if model not in READ_ONLY]


def public():
    rows = Activity.objects.order_by("pk").values()
    return (
        [{name: value for name, value in row.items() if name != "changed_at"} for row in rows],
        sorted(Listing.objects.values_list()),
    )


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("label", EDITABLE)
def test_a_form_saved_as_it_was_opened_changes_no_column_and_nothing_public(label, language, client, tmp_path):
    record = make_everything(tmp_path)[label]
    client.force_login(factories.make_user("administrator", is_superuser=True))
    before, public_before = columns(record, MOMENTS_AND_PEOPLE), public()

    saved = press(client, address(record, language))

    assert saved.status_code == 302, saved.context["errors"]
    assert columns(record, MOMENTS_AND_PEOPLE) == before
    assert public() == public_before


def test_every_model_of_the_admin_is_among_them(tmp_path):
    assert set(make_everything(tmp_path)) == set(EDITABLE)


def test_a_text_that_was_never_written_stays_unwritten_and_one_that_is_typed_is_kept(client):
    series = factories.make_series()
    client.force_login(factories.make_user("editor"))
    press(client, address(series))
    series.refresh_from_db()
    assert series.name_es is None

    press(client, address(series), name_es="Notas\r\n")
    series.refresh_from_db()
    assert series.name_es == "Notas"
