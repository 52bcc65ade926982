"""Files made to do harm: refused cheaply, with what to do about it, in the reader's language."""

import json
import logging
import subprocess
import sys
import zlib

import pytest
from django.conf import settings as site
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import translation

from research_hub.media.checks import check_document, check_image, check_size
from tests.factories import make_drawing, make_pdf

from .bombs import jpeg, pdf, webp

HTML = b"<html><script>alert(document.domain)</script>"


def refused(check, name, content, language="en") -> str:
    """The reason; none where it is taken."""
    with translation.override(language):
        try:
            check(SimpleUploadedFile(name, content))
        except ValidationError as error:
            return error.messages[0]
    return ""


def document(content, language="en"):
    return refused(check_document, "a.pdf", content, language)


def image(name, content, language="en"):
    return refused(check_image, name, content, language)


def test_what_unpacks_to_more_than_a_server_has_is_refused_in_a_second_and_200_megabytes():
    run = subprocess.run([sys.executable, "-m", "tests.media.bombs"], cwd=site.BASE_DIR, capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    told = [json.loads(line) for line in run.stdout.splitlines()]
    assert len(told) == 16
    assert [bomb for bomb in told if not bomb["said"]] == []
    assert [bomb for bomb in told if bomb["seconds"] > 1 or bomb["megabytes"] > 200] == []


# Pictures


@pytest.mark.parametrize(("language", "words"), [("en", "smaller copy"), ("es", "copia más pequeña")])
def test_too_many_pixels_are_told_as_such(language, words):
    assert words in image("a.webp", webp(16_383, 16_383), language)
    assert words in image("a.jpg", jpeg(7_000, 7_000, 200), language)


def test_a_picture_that_goes_over_its_pixels_as_cameras_do_is_taken():
    assert not image("a.jpg", make_drawing((300, 200), "JPEG", progressive=True).read())


@pytest.mark.parametrize(("language", "words"), [("en", "but it is a PNG"), ("es", "pero es un PNG")])
def test_a_picture_under_the_name_of_another_format_is_refused(language, words):
    content = make_drawing(form="PNG").read()
    for name in ("a.jpg", "a.webp", "a", "a.png.html", "a.svg", "a.pdf"):
        assert words in image(name, content, language)
    assert not image("A.PNG", content)


POLYGLOTS = {
    "gif and javascript": b"GIF89a/*" + HTML + b"*/=1;",
    "html with a picture in it": HTML + make_drawing(form="JPEG").read(),
    "svg": b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
    "svg behind a mark": b"\xef\xbb\xbf<svg onload='alert(1)'/>",
    "postscript": b"%!PS-Adobe-3.0 EPSF-3.0\n(/etc/passwd) run",
    "imagemagick": b"push graphic-context\nviewbox 0 0 1 1\nimage over 0,0 0,0 'https://evil.example'\n",
    "php": b"<?php system($_GET[0]); ?>",
    "zip": b"PK\x03\x04" + bytes(60),
}


@pytest.mark.parametrize("content", POLYGLOTS.values(), ids=POLYGLOTS.keys())
@pytest.mark.parametrize("name", ["a.jpg", "a.png", "a.webp"])
def test_what_is_something_else_as_well_is_no_picture(content, name):
    assert "broken or not a JPEG" in image(name, content)


# PDF

JS = b"<< /S /JavaScript /JS (app.alert(1)) >>"
ACTIVE = {
    "a script": b"/OpenAction " + JS,
    "a script, close": b"/OpenAction<</S/JavaScript/JS(app.alert(1))>>",
    "a script, spelt by numbers": b"/OpenAction << /S /#4a#61vaScript /#4A#53 2 0 R >>",
    "a script behind a comment": b"/OpenAction << /S % a comment\n/JavaScript /J#53%\n(x) >>",
    "a script of the whole file": b"/Names << /JavaScript 2 0 R >>",
    "a script of a recording": b"/OpenAction << /S /Rendition /JS 2 0 R >>",
    "a program": b"/OpenAction << /S /Launch /F (cmd.exe) >>",
    "a form of Adobe's": b"/AcroForm << /XFA [(a) 2 0 R] >>",
    "a film that is a program": b"/Annots [<< /Subtype/RichMedia >>]",
}
LANGUAGES = pytest.mark.parametrize(
    ("language", "words"), [("en", "a script or a program"), ("es", "un script o un programa")]
)


@LANGUAGES
@pytest.mark.parametrize("catalog", ACTIVE.values(), ids=ACTIVE.keys())
def test_a_pdf_that_does_something_by_itself_is_refused(catalog, language, words):
    assert words in document(make_pdf(catalog).read(), language)


@pytest.mark.parametrize("action", [JS, b"<< /S /Launch >>", b"<</S/JavaScript>>"])
def test_nor_is_one_taken_that_hides_it_among_packed_objects(action):
    assert "a script" in document(pdf(zlib.compress(b"2 0 " + action)))
    assert not document(pdf(zlib.compress(b"2 0 << /Type /Page >>")))


@pytest.mark.parametrize(
    "catalog",
    [
        b"/OpenAction [3 0 R /Fit]",
        b"/Annots [<< /A << /S /URI /URI (https://x.example/JavaScript) >> >>]",
        b"/Annots [<< /A << /S /URI /URI (https://x.example/JS/Launch/RichMedia/XFA) >> >>]",
        b"/AcroForm << /Fields [] >>",
        b"/Names << /EmbeddedFiles << /Names [(data.csv) 4 0 R] >> >>",
        b"/Title (Launching JavaScript)",
    ],
)
def test_links_forms_and_attachments_are_taken(catalog):
    assert not document(make_pdf(catalog).read())


@pytest.mark.parametrize(("language", "words"), [("en", "without protection"), ("es", "sin protección")])
def test_a_pdf_that_is_locked_is_refused(language, words):
    assert words in document(make_pdf().read().replace(b"/Root 1 0 R", b"/Root 1 0 R /Encrypt 9 0 R"), language)


WHOLE = make_pdf().read()
BROKEN = {
    "nothing but head and tail": b"%PDF-1.4\n%%EOF",
    "something before it": HTML + WHOLE,
    "something behind it": WHOLE + HTML,
    "an archive behind it": WHOLE + b"PK\x05\x06" + bytes(18),
    "cut off": WHOLE[:-20],
    "a table of contents that is not there": WHOLE.replace(b"startxref\n", b"startxref\n9"),
    "no root": WHOLE.replace(b"/Root", b"/Toor"),
    "another format": b"%PDF-1.4\n" + HTML,
    "no version": WHOLE.replace(b"%PDF-1.5", b"%PDF-x.5"),
}


@pytest.mark.parametrize("content", BROKEN.values(), ids=BROKEN.keys())
def test_what_is_no_whole_pdf_is_refused(content):
    assert "not a whole PDF" in document(content)


@pytest.mark.parametrize("packing", [b"", b"/DecodeParms << /Predictor 12 >> "])
def test_packed_objects_that_cannot_be_looked_through_are_refused(packing):
    content = pdf(zlib.compress(b"2 0 null") if packing else b"not packed at all")
    shifted = content.replace(b"/First", packing + b"/First")
    start = int(content.split(b"startxref\n")[1].split()[0])
    assert "looked through" in document(
        shifted.replace(b"%d\n%%%%EOF" % start, b"%d\n%%%%EOF" % (start + len(packing)))
    )


# The virus scanner, and the log


def scanner(ends_with: int, pattern: bytes = b"EICAR") -> list[str]:
    """A program that ends so where the file that it reads has the pattern in it."""
    code = f"import sys; sys.exit({ends_with} if {pattern!r} in sys.stdin.buffer.read() else 0)"
    return [sys.executable, "-c", code]


@pytest.mark.parametrize(("language", "words"), [("en", "virus scanner refuses"), ("es", "antivirus rechaza")])
def test_what_the_virus_scanner_refuses_is_refused(settings, language, words):
    settings.UPLOAD_SCAN_COMMAND = scanner(1)
    assert words in document(make_pdf(b"/Title (EICAR)").read(), language)
    assert not document(make_pdf().read())
    settings.UPLOAD_SCAN_COMMAND = scanner(1, b"PNG")
    assert words in image("a.png", make_drawing(form="PNG").read(), language)
    assert not image("a.jpg", make_drawing(form="JPEG").read())


@pytest.mark.parametrize("command", [scanner(2), scanner(-9), ["/nowhere/clamdscan"]])
def test_nothing_is_taken_while_the_virus_scanner_does_not_answer(settings, command, caplog):
    settings.UPLOAD_SCAN_COMMAND = command
    assert "does not answer" in document(make_pdf(b"/Title (EICAR)").read())
    assert "virus scanner" in caplog.text


def test_a_refusal_is_logged_without_the_name_of_the_file(settings, caplog):
    caplog.set_level(logging.WARNING)
    settings.UPLOAD_MAX_BYTES = 10
    assert refused(check_size, "ana garcía\n.pdf", bytes(11))
    assert [record.getMessage() for record in caplog.records] == ["An upload was refused: too_large"]


def test_what_is_too_large_is_not_even_read(settings):
    settings.UPLOAD_MAX_BYTES = 10
    assert not document(b"not a PDF, and longer")  # check_size says so, once
    assert not image("a.png", b"not a PNG, and longer")
