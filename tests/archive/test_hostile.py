"""An archive is somebody's file: what is wrong with it is told by file and line, and nothing of it is taken in."""

import hashlib
import json
import shutil
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from django.apps import apps
from django.conf import settings as site
from django.core.management import CommandError

from publications.models import Publication, PublicationType
from research_hub.archive import opening
from research_hub.archive.format import RECORDS
from research_hub.editorial.models import Revision
from tests.archive.corpus import make_site, undone
from tests.archive.test_round_trip import run
from tests.factories import make_drawing

pytestmark = pytest.mark.django_db

PUBLICATIONS = "records/publications.publication.jsonl"
IMAGES = "records/media.image.jsonl"


made: list[bytes] = []  # the archive of the corpus, which takes a while to make


@pytest.fixture
def members(tmp_path, settings):
    """What is in an archive of the corpus, by name."""
    if not made:
        with undone():
            make_site()
            run("export_archive", tmp_path / "site.zip")
        shutil.rmtree(settings.MEDIA_ROOT)
        made.append((tmp_path / "site.zip").read_bytes())
    (tmp_path / "site.zip").write_bytes(made[0])
    with ZipFile(tmp_path / "site.zip") as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.fixture
def take(tmp_path):
    def take_in(members, *, sums=True):
        with ZipFile(tmp_path / "sent.zip", "w", ZIP_DEFLATED) as archive:
            for name, content in (summed(members) if sums else members).items():
                archive.writestr(name, content)
        return run("import_archive", tmp_path / "sent.zip")

    return take_in


@pytest.fixture
def refused(take, settings, tmp_path):
    """Nothing is there afterwards, not even a file."""

    def is_refused(members, *words, **options):
        with pytest.raises(CommandError) as error:
            take(members, **options)
        assert str(error.value).startswith("Nothing was taken in. ")
        assert [word for word in words if word not in str(error.value)] == [], str(error.value)
        filled = {label for label in RECORDS if apps.get_model(label)._base_manager.exists()}
        assert filled == {"auth.Group", "publications.PublicationType"}
        assert PublicationType.objects.filter(code="report").exists()
        assert [path for path in (tmp_path / "files").rglob("*") if path.is_file()] == []

    return is_refused


def summed(members):
    """With a manifest that says of each member what it is."""
    manifest = json.loads(members["manifest.json"])
    for name, content in members.items():
        told = {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
        if name.startswith("records/") and name in manifest["records"]:
            manifest["records"][name] = told | {"count": content.count(b"\n")}
        elif name.startswith("files/"):
            manifest["files"][name.removeprefix("files/")] = told
    return members | {"manifest.json": json.dumps(manifest).encode()}


def changed(members, name, *, place=0, **values):
    """The members with other values in one line of a file; ... takes the field away."""
    lines = members[name].splitlines()
    record = json.loads(lines[place]) | values
    lines[place] = json.dumps({key: value for key, value in record.items() if value is not ...}).encode()
    return members | {name: b"\n".join(lines) + b"\n"}


def of_manifest(members, **values):
    return members | {"manifest.json": json.dumps(json.loads(members["manifest.json"]) | values).encode()}


def test_untouched_it_is_taken_in(members, take):
    take(members, sums=False)
    assert Publication.objects.filter(revises=None).count() == 3


@pytest.mark.parametrize(
    "name",
    [
        "../evil.txt",
        "/etc/passwd",
        "files/images/../../evil.jpg",
        "files/images/a/b.jpg",
        "records\\a.jsonl",
        "other.txt",
    ],
)
def test_a_name_that_leads_elsewhere(members, refused, name):
    refused(members | {name: b"x"}, "No archive has a member of this name.", sums=False)


def test_a_bomb(members, refused):
    refused(members | {PUBLICATIONS: b" " * 30_000_000}, PUBLICATIONS, "400 times", sums=False)


def test_too_many_members(members, refused, monkeypatch):
    monkeypatch.setattr(opening, "MOST_MEMBERS", 10)
    refused(members, "members; at most 10")


def test_a_line_without_an_end(members, refused, monkeypatch):
    monkeypatch.setattr(opening, "LONGEST_LINE", 5_000)
    refused(members | {PUBLICATIONS: b'{"a": "' + b"x" * 6_000 + b'"}\n'}, f"{PUBLICATIONS}, line 1", "too long")


def test_a_file_larger_than_an_upload(members, refused, settings):
    settings.UPLOAD_MAX_BYTES = 100
    refused(members, "files/", "UPLOAD_MAX_MB")


def test_a_member_twice(members, refused, tmp_path):
    with pytest.warns(UserWarning, match="Duplicate"):
        out = BytesIO()
        with ZipFile(out, "w") as archive:
            for name in [*members, PUBLICATIONS]:
                archive.writestr(name, members[name])
    (tmp_path / "twice.zip").write_bytes(out.getvalue())
    with pytest.raises(CommandError, match="twice"):
        run("import_archive", tmp_path / "twice.zip")


@pytest.mark.parametrize("kept", [0.5, 0.99])
def test_one_that_was_cut_off(members, tmp_path, kept):
    whole = (tmp_path / "site.zip").read_bytes()
    (tmp_path / "cut.zip").write_bytes(whole[: int(len(whole) * kept)])
    # What is left may end with an archive that is a file of the site, as of an import: that has no manifest.
    with pytest.raises(CommandError, match=r"cut off|no manifest"):
        run("import_archive", tmp_path / "cut.zip")


def test_bits_that_fell_over(members, tmp_path):
    whole = bytearray((tmp_path / "site.zip").read_bytes())
    with ZipFile(tmp_path / "site.zip") as archive:
        place = archive.getinfo(PUBLICATIONS).header_offset + 200
    whole[place] ^= 0xFF
    (tmp_path / "bits.zip").write_bytes(whole)
    with pytest.raises(CommandError, match=f"{PUBLICATIONS}: "):
        run("import_archive", tmp_path / "bits.zip")


def test_what_is_no_archive(tmp_path, refused):
    (tmp_path / "text.zip").write_text("hello")
    with pytest.raises(CommandError, match="no zip file"):
        run("import_archive", tmp_path / "text.zip")
    with pytest.raises(CommandError, match="There is no file"):
        run("import_archive", tmp_path / "nothing.zip")
    refused({"manifest.json": b"[]"}, "manifest.json", "no JSON object", sums=False)


def test_checksums(members, refused):
    other = members | {PUBLICATIONS: members[PUBLICATIONS].replace(b"A Report", b"A Rebort", 1)}
    refused(other, PUBLICATIONS, "checksum", sums=False)
    name = next(name for name in members if name.startswith("files/downloads/"))
    refused(members | {name: members[name].replace(b"1.5", b"1.6")}, name, "checksum", sums=False)


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"version": 2}, ["version 2", "reads version 1"]),
        ({"format": "other"}, ["format"]),
        ({"languages": ["en", "fr"]}, ["languages"]),
        ({"passwords": "yes"}, ["docs/archive.md"]),
        ({"missing": ["../a.jpg"]}, ["docs/archive.md"]),
        ({"records": {}}, ["not in the archive"]),
    ],
)
def test_another_manifest(members, refused, values, words):
    refused(of_manifest(members, **values), "manifest.json" if "records" not in values else "", *words, sums=False)


def test_records_that_no_site_has(members, refused):
    name = "records/auth.secret.jsonl"
    refused(members | {name: b"{}\n"}, name, "not in the manifest")
    manifest = json.loads(members["manifest.json"])
    told = {"bytes": 3, "count": 1, "sha256": "0" * 64}
    refused(of_manifest(members, records=manifest["records"] | {name: told}), name, "no such records", sums=False)


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"secret": 1}, "secret: there is no such field."),
        ({"title_en": ...}, "title_en: the field is not there."),
        ({"title_en": 7}, "title_en: this is no text."),
        ({"title_en": "x" * 1201}, "title_en: "),
        ({"title_en": "a\0b"}, "zero byte"),
        ({"status": "secret"}, "status: 'secret' is none of the values"),
        ({"status": None}, "status: it must not be null."),
        ({"is_undated": 1}, "is_undated: this is no yes or no."),
        ({"version": -1}, "version: "),
        ({"date_lo": "2026-13-01"}, "date_lo: "),
        ({"published_at": "2026-01-01T00:00:00"}, "published_at: this moment says no time zone."),
        ({"uid": "../../etc"}, "uid: this is no permanent name."),
        ({"slug_en": "a/b"}, "slug_en: "),
        ({"doi": "<script>"}, "doi: "),
        ({"type": "secret"}, "type: 'secret' is not in the archive."),
        ({"published_by": "nobody"}, "published_by: 'nobody' is not in the archive."),
        ({"cover": 99}, "cover: 99 is not in the archive."),
        ({"regions": ["en/nowhere"]}, "regions: 'en/nowhere' is not in the archive."),
        ({"regions": "en/mexico"}, "regions: this is no list."),
        ({"id": 0}, "Its id is no number"),
        ({"id": 2**40}, "Its id is no number"),
        ({"id": True}, "Its id is no number"),
        ({"date_precision": 9}, "date_precision: "),
    ],
)
def test_a_line_that_says_what_cannot_be(members, refused, values, words):
    refused(changed(members, PUBLICATIONS, place=1, **values), f"{PUBLICATIONS}, line 2: ", words)


def test_what_only_one_may_have(members, refused):
    first, taken = json.loads(members[PUBLICATIONS].splitlines()[0]), "taken by a line above"
    refused(
        changed(members, PUBLICATIONS, place=1, uid=first["uid"]), f"{PUBLICATIONS}, line 2", "taken by a line above"
    )
    refused(changed(members, PUBLICATIONS, place=1, id=first["id"]), f"{PUBLICATIONS}, line 2", taken)
    refused(changed(members, PUBLICATIONS, place=1, slug_en=first["slug_en"]), PUBLICATIONS, "lines 1 to 4")


@pytest.mark.parametrize(
    "line",
    [b"{", b"[1]", b'{"a": NaN}', b'{"a": 1e999}', b'{"a": 1, "a": 2}', b"\xff", b'{"a": "\\ud800"}', b"[" * 9_999],
)
def test_a_line_that_is_no_record(members, refused, line):
    refused(members | {PUBLICATIONS: members[PUBLICATIONS] + line + b"\n"}, f"{PUBLICATIONS}, line 5: ")


def test_the_last_line_cut_off(members, refused):
    refused(members | {PUBLICATIONS: members[PUBLICATIONS][:-5]}, f"{PUBLICATIONS}, line 4: ", "cut off")


@pytest.mark.parametrize(
    ("suffix", "content", "words"),
    [
        (".jpg", b"<svg onload='alert(1)'/>", "broken"),
        (".jpg", make_drawing(form="PNG").read(), "but it is a PNG"),
        (".jpg", make_drawing((400, 300), "JPEG").read()[:900], "broken"),
        (".pdf", b"MZ\x90 a program", "not a whole PDF"),
    ],
)
def test_a_file_that_is_not_what_it_says(members, refused, suffix, content, words):
    name = next(name for name in members if name.endswith(suffix))
    refused(members | {name: content}, name, words)


def test_a_file_in_a_folder_where_such_are_not(members, refused):
    download = "records/publications.publicationdownload.jsonl"
    image = json.loads(members[IMAGES])["file"]
    refused(changed(members, download, file=image), f"{download}, line 1", "stands in downloads/")
    refused(changed(members, download, file="downloads/other.pdf"), f"{download}, line 1", "is not in the archive")
    refused(changed(members, download, sha256="0" * 64), f"{download}, line 1", "not those of the file")
    extra = members | {"files/downloads/page.html": b"%PDF-1.7 <script></script> %%EOF"}
    refused(extra, "files/downloads/page.html", "A download is a PDF.")


def test_rich_text_is_cleaned_like_that_which_is_typed(members, take):
    evil = "<p onclick='x()'>Water</p><script>alert(1)</script>"
    version = json.loads(members["records/editorial.revision.jsonl"])["snapshot"]
    version["fields"]["body_en"] = evil
    members = changed(members, PUBLICATIONS, body_en=evil, title_en="<b>Not rich</b>")
    members = changed(members, "records/translation.draft.jsonl", text=evil)
    take(changed(members, "records/editorial.revision.jsonl", snapshot=version))
    report = Publication.objects.order_by("pk").first()
    assert (report.body_en, report.title_en) == ("<p>Water</p>", "<b>Not rich</b>")
    assert Revision.objects.get().snapshot["fields"]["body_en"] == "<p>Water</p>"
    assert apps.get_model("translation.Draft").objects.get().text == "<p>Water</p>"


def test_a_site_that_fails_when_all_but_done_is_empty_again(members, refused, monkeypatch):
    monkeypatch.setattr("research_hub.archive.taking.lists.drift", lambda progress: ["one differs"])
    refused(members, "The site that it makes is not whole: one differs")
    assert site.MEDIA_ROOT
