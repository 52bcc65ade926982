"""Files that come along with a source, and addresses that its entries had: looked at, taken over, and taken back."""

import os
import stat
import zipfile
from io import StringIO

import pytest
from django.conf import settings
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.urls import reverse

from publications.models import Publication
from research_hub.finding.legacy import LegacyAddress
from research_hub.importing.apply import Applied, Planning, Undone
from research_hub.importing.models import Batch
from research_hub.importing.records import FileRef
from research_hub.media.models import Image
from tests.factories import make_drawing, make_pdf, make_publication, make_topic, make_type, make_user
from tests.importing.test_apply import actions, checked, editor, record, silent, take_in

__all__ = ["editor"]
pytestmark = pytest.mark.django_db

PDF = make_pdf().read()
DATED = "https://old.example/wp-content/uploads/2017/02/water.pdf"


@pytest.fixture
def folder(tmp_path):
    def make(**files):
        for name, content in ({"2017/02/water.pdf": PDF} | files).items():
            path = tmp_path / "along" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        return tmp_path / "along"

    return make


@pytest.fixture
def archive(tmp_path):
    def make(*members):
        path = tmp_path / "along.zip"
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
            for name, content in members:
                packed.writestr(name, content)
        return path

    return make


def picture(size=(60, 40)):
    return make_drawing(size, "PNG").read()


def planned(editor, along, *found):
    batch = Batch.objects.create(source="old-site", file="old.ris", made_by=editor, folder=str(along))
    return Planning(batch, lambda: iter(found)).run()


def taken(editor, along, *found):
    batch = planned(editor, along, *found)
    Applied(batch, by=editor).run(silent)
    return batch


def remarks(batch, number=1):
    return " ".join(batch.rows.get(number=number).remarks)


def stored():
    return [name for _folder, _folders, names in os.walk(settings.MEDIA_ROOT) for name in names]


def test_a_file_and_a_picture_come_with_their_entry(editor, folder, django_capture_on_commit_callbacks):
    along = folder(**{"2017/02/cover.png": picture(), "extra.pdf": make_pdf(b"/Lang (es)").read()})
    files = [FileRef(DATED, label="Full report"), FileRef("extra.pdf", language="es")]
    cover = FileRef("https://old.example/wp-content/uploads/2017/02/cover.png", alt="A river")
    with django_capture_on_commit_callbacks(execute=True):
        taken(editor, along, record(files=files, pictures=[cover]))
    entry = Publication.objects.get()
    first, second = entry.downloads.in_order()
    assert (first.language, first.label_en, first.bytes, second.language) == ("en", "Full report", len(PDF), "es")
    assert default_storage.open(first.file.name).read() == PDF and "water" not in first.file.name
    assert entry.cover.alt_en == "A river" and (entry.cover.width, entry.cover.height) == (60, 40)
    checked()


def test_read_again_with_and_without_the_files_it_is_the_same(editor, folder):
    along = folder(**{"cover.png": picture()})
    whole = record(files=[FileRef(DATED)], pictures=[FileRef("cover.png", alt="A river")])
    taken(editor, along, whole)
    kept = stored()
    assert actions(taken(editor, along, whole)) == {"record 1": "same"}
    assert actions(take_in(editor, whole)) == {"record 1": "same"}
    assert stored() == kept and Image.objects.count() == 1
    other = make_pdf(b"/Lang (es)").read()
    (along / "2017/02/water.pdf").write_bytes(other)
    assert actions(taken(editor, along, whole)) == {"record 1": "update"}
    assert Publication.objects.get().downloads.get().bytes == len(other)


def test_taking_back_removes_what_came_with_it_and_nothing_else(editor, folder, django_capture_on_commit_callbacks):
    along = folder(**{"cover.png": picture()})
    ours = make_publication("Ours", published=False)
    ours.cover = Image.objects.create(file=make_drawing())
    ours.save()
    with django_capture_on_commit_callbacks(execute=True):
        before = sorted(stored())
    with django_capture_on_commit_callbacks(execute=True):
        batch = taken(editor, along, record(files=[FileRef(DATED)], pictures=[FileRef("cover.png")], paths=["/old"]))
    assert len(stored()) > len(before) and LegacyAddress.objects.exists()
    with django_capture_on_commit_callbacks(execute=True):
        Undone(batch, by=editor).run(silent)
    assert sorted(stored()) == before and Image.objects.get() == ours.cover
    assert not LegacyAddress.objects.exists()
    checked()


def test_the_same_file_twice_is_kept_once_for_an_entry(editor, folder):
    along = folder(**{"again.pdf": PDF})
    taken(
        editor, along, record(files=[FileRef(DATED), FileRef("again.pdf")]), record("2", "Two", files=[FileRef(DATED)])
    )
    one, two = (entry.downloads.get() for entry in Publication.objects.order_by("pk"))
    assert one.sha256 == two.sha256 and one.file.name != two.file.name


def test_what_is_not_there_not_whole_or_not_sure_is_said_and_the_entry_taken_in(editor, folder):
    along = folder(**{"a/x.pdf": PDF, "b/x.pdf": PDF, "broken.pdf": b"<html>", "broken.png": picture()[:60]})
    refs = ["https://old.example/gone.pdf", "x.pdf", "broken.pdf"]
    batch = taken(editor, along, record(files=[FileRef(ref) for ref in refs], pictures=[FileRef("broken.png")]))
    for words in ("Not among the files", "Several of the files", "not a whole PDF", "This picture is broken"):
        assert words in remarks(batch)
    assert not Publication.objects.get().downloads.exists()


def test_a_file_of_another_folder_with_the_same_name_is_not_taken_for_it(editor, folder):
    along = folder(**{"2016/01/water.pdf": PDF, "index.html": b"x"})
    batch = planned(editor, along, record(files=[FileRef("https://old.example/uploads/2015/07/water.pdf")]))
    assert "Not among the files" in remarks(batch)


@pytest.mark.parametrize("alt", ["cover.png", "cover", "IMG_2041", "DSC-0012.JPG"])
def test_an_alternative_text_that_is_a_files_name_is_dropped_and_said(editor, folder, alt):
    batch = taken(editor, folder(**{"cover.png": picture()}), record(pictures=[FileRef("cover.png", alt=alt)]))
    assert "a file’s name" in remarks(batch) and not Image.objects.get().alt_en


def test_names_that_lead_out_are_refused(editor, folder, tmp_path):
    (tmp_path / "secret.pdf").write_bytes(PDF)
    along = folder()
    (along / "link.pdf").symlink_to(tmp_path / "secret.pdf")
    refs = ["../secret.pdf", "..\\secret.pdf", "link.pdf", str(tmp_path / "secret.pdf")]
    batch = taken(editor, along, record(files=[FileRef(ref) for ref in refs]))
    assert remarks(batch).count("leads out of the folder") == 2
    assert "it is a link" in remarks(batch) and "Not among the files" in remarks(batch)
    assert not Publication.objects.get().downloads.exists()


def test_an_archive_is_no_way_out_either(editor, archive):
    link = zipfile.ZipInfo("link.pdf")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    along = archive(("../up.pdf", PDF), ("/root.pdf", PDF), (link, "/etc/passwd"), ("in/good.pdf", PDF))
    refs = ["up.pdf", "root.pdf", "link.pdf", "good.pdf"]
    batch = taken(editor, along, record(files=[FileRef(ref) for ref in refs]))
    assert remarks(batch).count("leads out of the folder") == 2 and "it is a link" in remarks(batch)
    assert Publication.objects.get().downloads.count() == 1


def test_what_unpacks_to_more_than_can_be_uploaded_is_refused_before_it_is_read(editor, archive, settings):
    settings.UPLOAD_MAX_BYTES = 100_000
    along = archive(("bomb.pdf", b"%PDF-" + bytes(10_000_000) + b"%%EOF"))
    assert along.stat().st_size < 100_000
    assert "larger than what can be uploaded" in remarks(planned(editor, along, record(files=[FileRef("bomb.pdf")])))


def test_an_archive_that_lies_about_its_sizes_is_damaged(editor, archive, settings):
    settings.UPLOAD_MAX_BYTES = 100_000
    along = archive(("bomb.pdf", b"%PDF-" + bytes(10_000_000) + b"%%EOF"))
    size = (10_000_010).to_bytes(4, "little")
    along.write_bytes(along.read_bytes().replace(size, (50).to_bytes(4, "little")))
    assert "damaged" in remarks(planned(editor, along, record(files=[FileRef("bomb.pdf")])))


def test_a_picture_of_too_many_pixels_is_refused(editor, folder, monkeypatch):
    monkeypatch.setattr("research_hub.media.checks.MOST_PIXELS", 100)
    assert "too many pixels" in remarks(
        planned(editor, folder(**{"cover.png": picture()}), record(pictures=[FileRef("cover.png")]))
    )


def test_without_files_it_is_said_how_many_did_not_come_along(editor):
    assert "Files that did not come along: 1" in remarks(take_in(editor, record(files=[FileRef(DATED)])))


# The command and the admin


def test_the_command_takes_a_folder_or_an_archive_and_refuses_what_is_neither(editor, folder, tmp_path):
    (tmp_path / "old.ris").write_text("TY  - RPRT\nTI  - Water\nL1  - water.pdf\nER  - \n")

    def plan(files):
        call_command("import_entries", "plan", tmp_path / "old.ris", source="x", by=editor.username, files=files,
                     stdout=StringIO())  # fmt: skip

    for wrong in (tmp_path / "old.ris", tmp_path / "nothing"):
        with pytest.raises(CommandError, match=r"ZIP|not there"):
            plan(wrong)
    assert not Batch.objects.exists()
    plan(folder())
    batch = Batch.objects.get()
    call_command("import_entries", "apply", batch.pk, by=editor.username, stdout=StringIO(), stderr=StringIO())
    assert Publication.objects.get().downloads.count() == 1


def test_an_archive_comes_along_in_the_admin(client, archive):
    make_type("report")
    client.force_login(make_user("publisher"))
    url = reverse("admin:importing_batch_add")

    def send(content):
        ris = SimpleUploadedFile("old.ris", b"TY  - RPRT\nTI  - Water\nL1  - water.pdf\nER  - \n")
        fields = {"upload": ris, "archive": SimpleUploadedFile("along.zip", content), "source": "x", "format": ""}
        return client.post(url, fields)

    assert "ZIP archive that is whole" in send(b"no archive").content.decode()
    assert "deben venir en una carpeta" in client.post(
        f"/es{url}", {"archive": SimpleUploadedFile("a.zip", b"x"), "source": "x", "format": "ris",
                      "upload": SimpleUploadedFile("old.ris", b"TY  - RPRT\n")},
    ).content.decode()  # fmt: skip
    assert not Batch.objects.exists()
    send(archive(("water.pdf", PDF)).read_bytes())
    page = reverse("admin:importing_batch_change", args=[Batch.objects.get().pk])
    client.post(page, {"do": "go_on"})
    client.post(page, {"do": "apply"})
    assert Publication.objects.get().downloads.count() == 1


# Old addresses


def test_the_addresses_it_had_lead_to_it(editor, client):
    make_topic("Water")
    batch = take_in(
        editor,
        record(paths=["/2017/02/water/", "https://www.old.example/?p=12", "/", "node/7"], url="https://old-site/a?b=1"),
        record("2", "Journal", url="https://journal.example/article"),
    )
    entry = Publication.objects.get(title_en="The Price of Water")
    assert sorted(LegacyAddress.objects.values_list("address", "uid")) == [
        (address, entry.uid) for address in ("/2017/02/water", "/?p=12", "/a?b=1", "/node/7")
    ]
    assert client.get("/?p=12").status_code == 200 and client.get("/node/7").status_code == 404
    entry.publish(by=editor)
    assert client.get("/?p=12").status_code == client.get("/node/7").status_code == 301
    assert batch.rows.get(number=1).added["addresses"]


def test_an_address_that_leads_elsewhere_or_is_a_page_stays_as_it_is_and_is_named(editor):
    ours = make_publication("Ours")
    LegacyAddress.objects.create(address="/node/1", uid=ours.uid)
    found = [record(paths=["/node/1", "/topics/", "/node/2"]), record("2", "Second", paths=["/node/2"])]
    batch = take_in(editor, *found)
    assert "stays as it is: /node/1" in remarks(batch) and "stays as it is: /topics" in remarks(batch)
    assert LegacyAddress.objects.get(address="/node/1").uid == ours.uid and LegacyAddress.objects.count() == 2
    assert actions(take_in(editor, *found)) == {"record 1": "same", "record 2": "same"}
    Undone(batch, by=editor).run(silent)
    assert LegacyAddress.objects.get().uid == ours.uid


def test_an_address_that_was_led_elsewhere_since_is_not_taken_away(editor):
    ours = make_publication("Ours")
    batch = take_in(editor, record(paths=["/node/1"]))
    LegacyAddress.objects.update(uid=ours.uid)
    Undone(batch, by=editor).run(silent)
    assert LegacyAddress.objects.get().uid == ours.uid


@pytest.mark.parametrize("path", ["//evil.example/x", "javascript:alert(1)", "http://[", "/" + "n" * 2000])
def test_a_hostile_address_does_no_harm(editor, client, path):
    take_in(editor, record(paths=[path]))
    Publication.objects.get().publish(by=editor)
    for row in LegacyAddress.objects.all():
        location = client.get(row.address).headers.get("Location", "/")
        assert location.startswith("/") and not location.startswith("//")
