"""The smaller copies of a picture: made when it is saved, shown once they are there, gone with it."""

from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from PIL import Image as Picture
from PIL import ImageDraw

from research_hub.media.models import Image
from tests.admin.cast import address, press
from tests.factories import make_drawing, make_image, make_user

pytestmark = pytest.mark.django_db
BLUE, RED = (0, 0, 254), (254, 0, 0)


@pytest.fixture
def editor(client):
    client.force_login(make_user("editor"))


def files() -> set[str]:
    """All that is stored."""
    root = Path(default_storage.location)
    return {str(path.relative_to(root)) for path in root.rglob("*") if path.is_file()}


def rendition(image, ending: str) -> Picture.Image:
    (name,) = [name for name in image.renditions if name.endswith(ending)]
    with default_storage.open(name) as file, Picture.open(file) as opened:
        opened.load()
        return opened


def test_uploading_a_picture_makes_them(client, editor, django_capture_on_commit_callbacks):
    upload = SimpleUploadedFile("a.jpg", make_drawing((1000, 500), "JPEG").read())
    with django_capture_on_commit_callbacks(execute=True):
        assert press(client, address(Image(), view="add"), file=upload, alt_en="A river").status_code == 302
    image = Image.objects.get()
    shapes = {name.partition("/")[2].partition("/")[2] for name in image.renditions}
    forms = ("avif", "webp", "jpeg")
    assert shapes == {f"{width}w.{form}" for width in (320, 640, 960) for form in forms} | {
        f"1x1-50-50/320w.{form}" for form in forms
    }
    assert files() == {image.file.name, *image.renditions}


@pytest.mark.parametrize("form", ["avif", "webp", "jpeg"])
def test_each_is_what_its_name_says(form):
    image = make_image((1600, 900))
    folder = image.file.name.removesuffix(".jpg")
    for ending, size in [("320w", (320, 180)), ("1280w", (1280, 720)), ("1x1-50-50/640w", (640, 640))]:
        made = rendition(image, f"{folder}/{ending}.{form}")
        assert (made.size, made.format) == (size, form.upper())


def test_none_is_larger_than_the_picture():
    image = make_image((700, 330))
    widths = {Path(name).stem for name in image.renditions}
    assert widths == {"320w", "640w"}
    assert make_image((319, 300)).renditions == []


@pytest.mark.parametrize(("focal_x", "colour"), [(0, RED), (100, BLUE)])
@pytest.mark.parametrize("form", ["avif", "webp", "jpeg"])
def test_a_square_is_cut_about_the_focal_point(focal_x, colour, form):
    square = rendition(make_image((1600, 640), focal_x=focal_x), f"1x1-{focal_x}-50/640w.{form}")
    assert square.size == (640, 640)
    for x in (5, 634):
        assert max(abs(a - b) for a, b in zip(square.convert("RGB").getpixel((x, 320)), colour, strict=True)) < 12


def test_a_focal_point_that_moves_has_squares_of_other_names(client, editor, django_capture_on_commit_callbacks):
    """A reader's browser keeps what an address once gave."""
    image = make_image((900, 600))
    before = set(image.renditions)
    with django_capture_on_commit_callbacks(execute=True):
        assert press(client, address(image), focal_x="10").status_code == 302
    image.refresh_from_db()
    changed = before ^ set(image.renditions)
    assert {Path(name).parent.name for name in changed} == {"1x1-50-50", "1x1-10-50"}
    assert files() == {image.file.name, *image.renditions}


@pytest.mark.parametrize("form", ["PNG", "WEBP"])
def test_what_shows_through_does_so_in_each_of_them(form):
    glass = Picture.new("RGBA", (640, 640), (255, 0, 0, 0))
    ImageDraw.Draw(glass).rectangle((0, 0, 319, 639), fill=(255, 0, 0, 255))
    image = make_image(file=drawn(glass, form))
    assert {Path(name).suffix for name in image.renditions} == {".avif", ".webp", ".png"}
    for name in image.renditions:
        with Picture.open(default_storage.open(name)) as opened:
            made = opened.convert("RGBA")
            assert made.getpixel((10, 10))[3] > 240, name
            assert made.getpixel((made.width - 10, 10))[3] < 15, name


def drawn(picture, form):
    file = make_drawing(form=form)
    with file.open("wb"):
        picture.save(file, form)
    return file


def test_another_file_takes_their_place(client, editor, django_capture_on_commit_callbacks):
    image = make_image((700, 500))
    before = files()
    with django_capture_on_commit_callbacks(execute=True):
        upload = SimpleUploadedFile("b.jpg", make_drawing((400, 300), "JPEG").read())
        assert press(client, address(image), file=upload).status_code == 302
    image.refresh_from_db()
    assert files() == set(image.files)
    assert before.isdisjoint(files())


def test_words_about_a_picture_make_nothing_anew(client, editor, django_capture_on_commit_callbacks):
    image = make_image((400, 300))
    times = {name: default_storage.get_modified_time(name) for name in files()}
    with django_capture_on_commit_callbacks(execute=True):
        assert press(client, address(image), alt_en="Another river").status_code == 302
    assert {name: default_storage.get_modified_time(name) for name in files()} == times


@pytest.mark.parametrize("way", ["one", "several"])
def test_they_go_with_the_picture(client, way, django_capture_on_commit_callbacks):
    client.force_login(make_user("administrator", is_superuser=True))
    image, other = make_image((400, 300)), make_image((400, 300))
    with django_capture_on_commit_callbacks(execute=True):
        if way == "one":
            client.post(address(image, view="delete"), {"post": "yes"})
        else:
            chosen = {"action": "delete_selected", "_selected_action": [image.pk], "post": "yes"}
            client.post(address(image, view="changelist"), chosen)
    assert list(Image.objects.all()) == [other]
    assert files() == set(other.files)


def test_a_file_that_another_picture_names_stays(django_capture_on_commit_callbacks):
    image = make_image((400, 300))
    Image.objects.create(file=image.file.name, renditions=image.renditions)
    before = files()
    with django_capture_on_commit_callbacks(execute=True):
        image.delete()
    assert files() == before


def test_a_picture_that_cannot_be_made_smaller_is_kept_and_told_of(
    client, editor, monkeypatch, caplog, django_capture_on_commit_callbacks
):
    """As when the disk is full; who uploads has nothing to correct."""
    monkeypatch.setattr(Picture.Image, "save", save_but_no_avif(Picture.Image.save))
    upload = SimpleUploadedFile("a.jpg", make_drawing((400, 300), "JPEG").read())
    with django_capture_on_commit_callbacks(execute=True):
        assert press(client, address(Image(), view="add"), file=upload, alt_en="A river").status_code == 302
    assert Image.objects.get().renditions == []
    assert "make_renditions" in caplog.text


def save_but_no_avif(save):
    def fails(picture, file, format=None, **options):
        if format == "AVIF":
            raise OSError("No space left on device")
        return save(picture, file, format, **options)

    return fails


def test_what_was_made_for_a_focal_point_that_moved_meanwhile_is_not_named():
    image = make_image((400, 330), renditions=False)
    Image.objects.update(focal_x=10)
    image.make_renditions()
    image.refresh_from_db()
    assert image.renditions == []
    image.make_renditions()
    assert any("/1x1-10-50/" in name for name in image.renditions)


def test_a_storage_that_is_no_folder_serves_as_well(client, editor, settings, django_capture_on_commit_callbacks):
    """As object storage, whose files have no path on this machine."""
    memory = {"BACKEND": "django.core.files.storage.InMemoryStorage"}
    settings.STORAGES = settings.STORAGES | {"default": memory}
    with django_capture_on_commit_callbacks(execute=True):
        upload = SimpleUploadedFile("a.jpg", make_drawing((400, 330), "JPEG").read())
        assert press(client, address(Image(), view="add"), file=upload, alt_en="A river").status_code == 302
    image = Image.objects.get()
    assert len(image.files) == 7
    for name in image.files:
        assert b"".join(client.get(default_storage.url(name)).streaming_content)
    with django_capture_on_commit_callbacks(execute=True):
        image.delete()
    assert not any(default_storage.exists(name) for name in image.files)


# The command


def test_the_command_makes_what_is_missing_and_only_that(capsys):
    whole, half, none = (make_image((400, 300)) for _ in range(3))
    Image.objects.filter(pk=none.pk).update(renditions=[])
    Image.objects.filter(pk=half.pk).update(renditions=half.renditions[1:])
    default_storage.delete(half.renditions[0])
    written = default_storage.get_modified_time(whole.renditions[0])
    call_command("make_renditions")
    assert "2 pictures" in capsys.readouterr().out
    assert [set(image.renditions) for image in Image.objects.order_by("pk")] == [
        set(image.renditions) for image in (whole, half, none)
    ]
    assert default_storage.exists(half.renditions[0])
    assert default_storage.get_modified_time(whole.renditions[0]) == written
    call_command("make_renditions")
    assert "0 pictures" in capsys.readouterr().out


def test_the_command_goes_on_after_a_picture_that_is_gone_and_fails_in_the_end():
    gone, there = make_image((400, 300), renditions=False), make_image((400, 300), renditions=False)
    default_storage.delete(gone.file.name)
    with pytest.raises(CommandError, match=gone.file.name):
        call_command("make_renditions")
    there.refresh_from_db()
    assert there.renditions
