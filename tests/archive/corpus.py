"""A small site in which every sort of record has something, as people make it where that is quick."""

from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta

from django.contrib.admin.models import ADDITION, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.files.base import ContentFile
from django.db import transaction

from events.models import EventCorrection, EventDownload
from publications.models import PublicationCorrection, PublicationDownload, PublicationMedia
from research_hub.activity.kinds import KINDS
from research_hub.activity.rebuild import rebuild
from research_hub.editorial import audit, history
from research_hub.editorial.models import Notice, NoticeWish, PreviewLink
from research_hub.editorial.versions import snapshot
from research_hub.finding.legacy import LegacyAddress
from research_hub.importing.models import Batch, Equivalent, Finding, Origin, Row
from research_hub.media.models import Image
from research_hub.translation.models import CountedLog, Draft, Reads, Task, Term, Verdict
from tests import factories
from topics.models import FeaturedEntry

PDF = factories.make_pdf().read()
ODD = "Agua\u2028y “río” \\ é 水 🌊"
MOMENT = datetime(2026, 3, 1, 12, 30, 15, 123456, tzinfo=UTC)


def make_site():
    """Returns somebody who may see all of it."""
    editor = factories.make_user("publisher", username="rosa", email="rosa@example.org", password="long-and-known-1")
    image = factories.make_image(size=(320, 200))
    parent = factories.make_topic("Rivers", "Ríos", image=image, intro_en="<p>Of <strong>water</strong>.</p>")
    topic = factories.make_topic("Dams", "Presas", parent=parent)
    spanish = factories.make_topic("", "Sólo en español")
    region, last = (
        factories.make_region(code="MX"),
        factories.make_region("Chile", "Chile"),
    )  # not in the alphabet's order
    author = factories.make_author(photo=image, user=editor, variants=["A. García", ODD], orcid="0000-0002-1825-0097")
    second = factories.make_author("Institute of Rivers", kind="organisation")
    report = factories.make_publication(
        "A Report", topics=[topic, spanish], regions=[region, last], authors=[second, author], media=["video", "audio"],
        title_es="Un informe", summary_es="Lo que dice.", body_en="<p>Water &amp; <em>ice</em></p>", cover=image,
        series=factories.make_series(), number="7", doi="10.5555/rivers.1", created_by=editor,
    )  # fmt: skip
    PublicationDownload.objects.create(publication=report, language="en", file=ContentFile(PDF, name="a.pdf"), pages=3)
    PublicationMedia.objects.filter(publication=report).update(transcript_en=ODD, duration=61)
    PublicationCorrection.objects.create(publication=report, corrected_on=date(2026, 2, 3), note_en="A number.")
    year = factories.make_publication("Known to the year", date="1999", topics=[topic], source_language="en")
    factories.make_publication("Undated", date="", published=False, is_undated=True, summary_en=ODD)
    year.related.set([report])
    event = factories.make_event("A Seminar", topics=[parent], speakers=[author], regions=[region], media=["video"])
    event.publications.set([report])
    EventDownload.objects.create(event=event, language="es", file=ContentFile(PDF, name="b.pdf"), label_es="Programa")
    EventCorrection.objects.create(event=event, corrected_on=date(2026, 2, 4), note_es="La hora.")
    for featured in (report, event):
        place = FeaturedEntry.objects.count() + 1
        kind = KINDS[featured._meta.model_name]
        FeaturedEntry.objects.create(topic=parent, activity_id=kind.number(featured.pk), position=place)
    report.slug_en = "another-address"
    report.save()
    copy = report.work_on(snapshot(report) | {"fields": snapshot(report)["fields"] | {"title_en": "Next"}}, by=editor)
    history.record(copy, "save", by=editor, note=ODD, field_notes={"title_en": "Shorter?"})
    audit.record("save", by=editor, subject=report, title=ODD)
    leave_traces(editor, report, event)
    make_import(editor, topic, report)
    rebuild(lambda done, total: None)
    return editor


def leave_traces(editor, report, event):
    content = ContentType.objects.get_for_model(type(report))
    LogEntry.objects.create(user=editor, content_type=content, object_id="1", object_repr=ODD, action_flag=ADDITION)
    NoticeWish.objects.create(user=editor, how="digest", language="es")
    Notice.objects.create(recipient=editor, step="publish", uid=report.uid, title=ODD, path="/admin/", sent_at=MOMENT)
    PreviewLink.objects.create(
        model="publications.publication", uid=report.uid, made_by=editor, expires_at=MOMENT + timedelta(days=9_000)
    )
    LegacyAddress.objects.create(address="/node/1", uid=report.uid)
    LegacyAddress.objects.create(address="/agua?b=2&a=1", path="/topics/", language="es")
    Draft.objects.create(uid=event.uid, field="body", language="es", text="<p>Hola</p>", source="", writers=[editor.pk])
    Verdict.about((report.uid, "title", "es"), "A", "B", is_rich=False, kind=Verdict.Kind.TYPED, by=editor).save()
    Term.objects.create(term_en="water right", term_es="derecho de agua")
    Reads.objects.create(uid=report.uid, month=date(2026, 1, 1), n=7)
    CountedLog.objects.create(length=9, digest="a" * 32)
    Task.objects.filter(uid=event.uid).update(due_on=date(2026, 9, 1), assigned_to=editor, is_held=True)
    event.save()


def make_import(editor, topic, report):
    batch = Batch.objects.create(
        source="old-site", file="a.csv", made_by=editor, upload=ContentFile(b"Title\nA\n", name="a.csv"),
        archive=ContentFile(b"PK\x05\x06" + bytes(18), name="files.zip"), columns={ODD: "title"}, headers="b" * 64,
    )  # fmt: skip
    whole = Row(batch=batch, number=2, place="line 2", action="create", record={"n": 1.5, "t": ODD}, uid=report.uid)
    part = Row(batch=batch, number=1, place="line 1", action="part", language="es", likeness="c" * 40)
    part.save()  # the translation came before its original
    whole.added = {"images": list(Image.objects.values_list("pk", flat=True)), "files": []}
    whole.save()
    Row.objects.filter(pk=part.pk).update(part_of=whole)
    Finding.objects.create(batch=batch, row=whole, what="title_twice", detail=ODD)
    snapshot = {"a": [1, None, True]}
    Origin.objects.create(source="o", source_id="1", model="x", uid=report.uid, snapshot=snapshot, revision=1)
    Equivalent.objects.create(source="old-site", what="topic", word="dams", topic=topic)


@contextmanager
def undone():
    """What is written is gone afterwards, as if the site were new."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
