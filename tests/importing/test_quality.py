"""What had better be looked at in a plan: counted, shown record by record, and as a table."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from research_hub.importing import quality
from research_hub.importing.models import Batch, Finding, Row
from research_hub.importing.records import FileRef, Record
from tests.factories import make_publication, make_type, make_user

from .test_batch_pages import page_of

pytestmark = pytest.mark.django_db

RECORDS = [
    Record("twin", "1", title={"en": "A Report"}, date="2017-08-31"),
    Record("a", "2", title={"en": "=Same title"}, summary={"en": "We don?t know."}, date="2017"),
    Record("b", "3", title={"en": "=SAME  title"}, summary={"en": "Itâ€™s broken."}, date="some day"),
    Record("c", "4", title={"en": "Water", "es": "Water"}, summary={"en": "Long."}, date="2017",
           pictures=[FileRef("a.jpg", alt="IMG_2017.jpg")]),
    Record("d", "5", kind="event", title={"en": "Talk"}, starts="2017-02-03T10:00", ends="2017-02-02T10:00",
           zone="Mars/Olympus"),
    Record("e", "6", title={"en": "x" * 1300}, date="2017",
           body={"en": '<a href="https://a.example/x?id=1">Is it? Yes.</a>'}),
    Record("f", "7", title={"en": "Fine", "es": "Bien"}, date="2017"),
]  # fmt: skip


@pytest.fixture
def batch(client, monkeypatch):
    make_type("report")
    make_publication("A Report")
    client.force_login(make_user("publisher"))
    upload = SimpleUploadedFile("old.jsonl", b"{}")
    batch = Batch.objects.create(source="old-site", file="old.jsonl", format="lines", upload=upload)
    monkeypatch.setattr("research_hub.importing.mapping.read", lambda batch, path: iter(RECORDS))
    client.post(page_of(batch), {"do": "go_on"})
    batch.refresh_from_db()
    return batch


def places(client, batch, what):
    return [row.place for row in client.get(page_of(batch), {"finding": what}).context["page"]]


def test_each_sort_of_finding_leads_to_its_records(client, batch):
    assert batch.state == Batch.State.PLANNED
    assert "ends after it has started" in batch.rows.get(place="5", action="refused").reason
    found = {what: places(client, batch, what) for what in Finding.What.values}
    assert {what: rows for what, rows in found.items() if rows} == {
        "twin": ["1"], "title_twice": ["2", "3"], "apostrophe": ["2"], "broken": ["3"], "date": ["3"], "equal": ["4"],
        "half": ["4"], "alt": ["4"], "ends_first": ["5"], "zone": ["5"], "long": ["6"],
        "one_language": ["1", "2", "3", "5", "6"],
    }  # fmt: skip


@pytest.mark.parametrize("language", ["", "/es"])
def test_the_report_counts_and_says_what_to_do(client, batch, language):
    page = client.get(f"{language}/admin/importing/batch/{batch.pk}/quality/").content.decode()
    assert page.count("<dt>") == 12
    words = ("Ends before it starts", "Export it anew") if not language else ("Termina antes", "Expórtelo de nuevo")
    assert all(word in page for word in words)


def test_the_table_has_a_line_for_each_and_no_formula(client, batch):
    answer = client.get(reverse("admin:importing_batch_findings", args=[batch.pk]))
    lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()
    assert len(lines) == 1 + Finding.objects.count() and "'=Same title" in "".join(lines)


@pytest.mark.parametrize("role", ["author", "editor", "translator"])
def test_who_may_not_see_imports_sees_no_report(client, batch, role):
    client.force_login(make_user(role))
    for name in ("quality", "findings"):
        assert client.get(reverse(f"admin:importing_batch_{name}", args=[batch.pk])).status_code == 403
    assert client.get(reverse("admin:importing_batch_quality", args=[batch.pk + 1])).status_code == 403


def test_thousands_of_records_take_no_more_queries(client, django_assert_max_num_queries):
    client.force_login(make_user("publisher"))
    batch = Batch.objects.create(source="old-site", file="old.ris", state=Batch.State.PLANNED)
    rows = Row.objects.bulk_create(
        Row(batch=batch, number=n, place=f"line {n}", title=f"Title {n // 2}", action="create") for n in range(4_000)
    )
    Finding.objects.bulk_create(Finding(batch=batch, row=row, what="undated") for row in rows)
    with django_assert_max_num_queries(30):  # most of them are the rows that it writes, some hundreds at a time
        quality.look_across(batch)
    for url in (page_of(batch), page_of(batch) + "?finding=undated&page=80",
                reverse("admin:importing_batch_quality", args=[batch.pk])):  # fmt: skip
        with django_assert_max_num_queries(11):
            assert client.get(url).status_code == 200
    assert batch.findings.filter(what="title_twice").count() == 4_000


def test_a_filter_that_is_none_shows_nothing_and_breaks_nothing(client, batch):
    for query in ("?finding=x", "?action=%27", "?finding=undated&page=999999999999", "?state=" + "x" * 5000):
        assert client.get(page_of(batch) + query).status_code == 200


def test_the_page_of_a_refused_file_says_the_line(client):
    client.force_login(make_user("publisher"))
    content = json.dumps({"id": "1", "kind": "publication", "title_en": "One", "date_precision": None}) + "\n{broken\n"
    sent = {"upload": SimpleUploadedFile("old.jsonl", content.encode()), "source": "s", "format": "lines"}
    client.post(reverse("admin:importing_batch_add"), sent)
    make_type("report")
    page = client.post(page_of(Batch.objects.get()), {"do": "go_on"}, follow=True).content.decode()
    assert "line 2" in page.lower()
