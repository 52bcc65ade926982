"""The table of steps: as documented, and as the database holds it."""

from pathlib import Path

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from publications.models import Publication
from research_hub.editorial.history import Revision
from research_hub.editorial.models import Entry
from research_hub.editorial.roles import ROLES
from research_hub.editorial.versions import apply, snapshot
from research_hub.editorial.workflow import STEPS
from tests.checks import lists_equal_entries
from tests.factories import make_author, make_event, make_publication, make_region, make_topic, make_user

pytestmark = pytest.mark.django_db


def table() -> str:
    """The steps as docs/workflow.md shows them: where they begin, who takes them, whether the checklist is asked."""
    rows = ["| step | from | who | checklist |", "| --- | --- | --- | --- |"]
    for step in STEPS.values():
        states = ", ".join(status.value for status in Entry.Status if status in step.sources)
        right = "change" if step.right == "write" else step.right
        who = ", ".join(role for role, rights in ROLES.items() if f"publications.{right}_publication" in rights)
        own = " (author: their own)" if step.right == "write" else ""
        rows.append(f"| {step.label} | {states} | {who}{own} | {'yes' if step.is_checked else ''} |")
    return "\n".join(rows)


def test_the_documentation_shows_the_table_as_it_is():
    assert table() in (Path(settings.BASE_DIR) / "docs/workflow.md").read_text(encoding="utf-8")


@pytest.fixture
def live():
    return make_publication(topics=[make_topic()], authors=[make_author()], regions=[make_region()])


@pytest.mark.parametrize("status", ["published", "withdrawn"])
def test_the_database_refuses_a_working_copy_that_is_public(live, status):
    copy = live.work_on(snapshot(live), by=make_user())
    copy.status = status
    with pytest.raises(IntegrityError), transaction.atomic():
        copy.save()


def test_an_entry_has_one_working_copy_at_most(live):
    live.work_on(snapshot(live), by=make_user())
    with pytest.raises(IntegrityError), transaction.atomic():
        Publication.objects.create(revises=live, type=live.type)


@pytest.mark.parametrize("make", [make_publication, make_event])
def test_a_snapshot_brings_everything_back(make):
    people = "authors" if make is make_publication else "speakers"
    ana, eva = make_author("Ana"), make_author("Eva")
    entry = make(
        topics=[make_topic()], regions=[make_region()], media=["video"], published=False, **{people: [eva, ana]}
    )
    entry.downloads.create(language="en", file="downloads/a.pdf", label_en="Whole", bytes=7)
    before = snapshot(entry)

    entry.title_en, entry.body_es = "Other", "<p>Otro</p>"
    entry.save()
    entry.downloads.all().delete()
    entry.regions.clear()
    rows = entry.authorships if make is make_publication else entry.speakers
    rows.filter(author=eva).delete()
    assert snapshot(entry) != before

    assert apply(before, entry) == []
    assert snapshot(type(entry).objects.get(pk=entry.pk)) == before


def test_what_a_version_speaks_of_and_is_gone_is_named_and_the_rest_comes_back(live):
    before, region = snapshot(live), live.regions.get()
    live.regions.clear()
    region.delete()
    live.authorships.all().delete()
    assert apply(before, live) == ["region"]
    assert live.authorships.count() == 1


def test_a_version_that_cannot_do_without_what_is_gone_is_refused_in_words(live):
    written = snapshot(live)
    written["fields"]["type"] = 99
    with pytest.raises(ValidationError, match="This is gone"):
        live.work_on(written, by=make_user())
    assert not Publication.objects.filter(revises=live).exists()


def test_a_row_that_stands_in_both_versions_keeps_its_key_and_a_new_file_its_place(live):
    kept = live.downloads.create(language="en", file="downloads/a.pdf")
    taken = live.downloads.create(language="es", file="downloads/b.pdf", position=1)
    wanted = snapshot(live)
    wanted["rows"]["downloads"][1]["file"] = "downloads/c.pdf"
    wanted["rows"]["downloads"].reverse()
    apply(wanted, live)
    files = dict(live.downloads.values_list("pk", "file"))
    assert files == {kept.pk: "downloads/a.pdf", taken.pk: "downloads/c.pdf"}


def test_a_step_killed_before_its_end_leaves_the_page_as_it_was(live, monkeypatch, client):
    copy = live.work_on(snapshot(live), by=make_user())
    copy.title_en = "Half"
    copy.save()

    def dies(*args, **kwargs):
        raise KeyboardInterrupt

    monkeypatch.setattr("research_hub.editorial.models.sync_entry", dies)
    with pytest.raises(KeyboardInterrupt), transaction.atomic():
        copy.publish(by=make_user())
    monkeypatch.undo()
    live.refresh_from_db()
    assert live.title_en == "A Report"
    assert Publication.objects.filter(revises=live).exists()
    assert not Revision.objects.exists()
    assert lists_equal_entries()
