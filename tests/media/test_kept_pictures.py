"""What is kept of an uploaded picture: what it shows, upright, in the colours of the web, and nothing else."""

from io import BytesIO

import pytest
from django.core.files.base import ContentFile
from PIL import Image as Picture
from PIL import ImageCms, ImageDraw

from research_hub.media.images import LONGEST_SIDE
from tests.factories import make_drawing, make_image

pytestmark = pytest.mark.django_db
RED, BLUE = (255, 0, 0), (0, 0, 255)


def kept(file, **fields) -> Picture.Image:
    """The picture as it is stored, all of it read."""
    with Picture.open(make_image(file=file, renditions=False, **fields).file) as stored:
        stored.load()
        return stored


def stored_as(name: str, picture: Picture.Image, **options) -> ContentFile:
    out = BytesIO()
    picture.save(out, **options)
    return ContentFile(out.getvalue(), name)


def is_like(one, two, tolerance=12) -> bool:
    return all(abs(a - b) <= tolerance for a, b in zip(one, two, strict=True))


def sides(picture):
    """The colours at the left and at the right."""
    row, picture = picture.height // 2, picture.convert("RGB")
    return picture.getpixel((2, row)), picture.getpixel((picture.width - 3, row))


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_photo_is_turned_as_the_camera_was_held(orientation):
    turned = {1: 0, 3: 180, 6: 90, 8: 270}  # degrees by which a viewer turns what is stored to the right
    photo, exif = Picture.open(make_drawing((80, 60))).convert("RGB"), Picture.Exif()
    if orientation in turned:
        photo = photo.rotate(turned[orientation], expand=True)
    else:
        undo = {2: "FLIP_LEFT_RIGHT", 4: "FLIP_TOP_BOTTOM", 5: "TRANSPOSE", 7: "TRANSVERSE"}
        photo = photo.transpose(Picture.Transpose[undo[orientation]])
    exif[0x0112] = orientation
    upright = kept(stored_as("a.jpg", photo, format="JPEG", quality=95, exif=exif))
    assert upright.size == (80, 60)
    left, right = sides(upright)
    assert is_like(left, RED, 30)
    assert is_like(right, BLUE, 30)
    assert not upright.getexif()


@pytest.mark.filterwarnings("ignore:Corrupt EXIF")
@pytest.mark.parametrize(
    "name", ["exif_gps.jpg", "Portrait_6.jpg", "hopper_orientation_6.webp", "icc_profile.png", "invalid-exif.jpg"]
)
def test_nothing_of_the_camera_is_published(shared_data, name):
    content = (shared_data / "uploads/images" / name).read_bytes() + b"<script>"
    image = make_image(file=ContentFile(content, name))
    assert len(image.files) > 1 or image.width < 320
    for file in image.files:
        data = image.file.storage.open(file).read()
        assert b"<script>" not in data
        with Picture.open(BytesIO(data)) as stored:
            assert not stored.getexif()
            assert stored.info.keys().isdisjoint({"icc_profile", "exif", "xmp", "comment"})


def test_a_real_portrait_stands_upright(shared_data):
    portrait = (shared_data / "uploads/images/Portrait_6.jpg").read_bytes()  # stored lying on its side
    image = make_image(file=ContentFile(portrait, "a.jpg"), renditions=False)
    assert image.height > image.width
    assert Picture.open(image.file).size == (image.width, image.height)


def test_colours_of_a_wider_space_are_told_in_those_of_the_web():
    rgb = Picture.new("RGB", (40, 40), (120, 180, 60))
    stored = kept(stored_as("a.jpg", rgb, format="JPEG", icc_profile=swapped_profile()))
    assert is_like(stored.getpixel((20, 20)), (180, 120, 60), 15)


def swapped_profile() -> bytes:
    """The profile of sRGB with red and green exchanged."""
    data = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    tags = {bytes(data[at : at + 4]): at for at in range(132, 132 + 12 * data[131], 12)}
    red, green = tags[b"rXYZ"], tags[b"gXYZ"]
    data[red + 4 : red + 12], data[green + 4 : green + 12] = data[green + 4 : green + 12], data[red + 4 : red + 12]
    return bytes(data)


@pytest.mark.parametrize("profile", [b"no profile at all", b"", swapped_profile()[:300]])
def test_a_broken_profile_is_left_out(profile):
    file = stored_as("a.png", Picture.new("RGB", (40, 40), (120, 180, 60)), format="PNG", icc_profile=profile)
    assert kept(file).getpixel((0, 0)) == (120, 180, 60)


def test_a_profile_for_colours_that_the_picture_has_not_is_left_out():
    file = stored_as("a.png", Picture.new("L", (40, 40), 120), format="PNG", icc_profile=swapped_profile())
    assert kept(file).getpixel((0, 0)) == (120, 120, 120)


def test_colours_for_print_become_those_of_a_screen(shared_data):
    made = kept(stored_as("a.jpg", Picture.new("CMYK", (40, 40), (0, 255, 255, 0)), format="JPEG", quality=95))
    assert made.mode == "RGB"
    assert is_like(made.getpixel((20, 20)), RED, 20)
    real = shared_data / "uploads/images/pil_sample_cmyk.jpg"
    assert kept(ContentFile(real.read_bytes(), "a.jpg")).mode == "RGB"


def test_a_grey_picture_of_sixteen_bits_keeps_its_greys():
    deep = Picture.new("I;16", (3, 1))
    for x, level in enumerate((0, 32768, 65535)):
        deep.putpixel((x, 0), level)
    stored = kept(stored_as("a.png", deep, format="PNG"))
    assert [stored.getpixel((x, 0))[0] for x in range(3)] == [0, 127, 255]


@pytest.mark.parametrize("form", ["PNG", "WEBP"])
def test_what_shows_through_still_does(form):
    glass = Picture.new("RGBA", (40, 40), (255, 0, 0, 0))
    ImageDraw.Draw(glass).rectangle((0, 0, 19, 39), fill=(255, 0, 0, 255))
    stored = kept(stored_as("a.png", glass, format=form))
    assert [stored.getpixel(at)[3] for at in ((5, 5), (35, 5))] == [255, 0]


def test_what_shows_through_a_palette_still_does(shared_data):
    few = Picture.new("P", (40, 40), 1)
    few.putpalette([0, 0, 0, 255, 0, 0])
    few.paste(0, (20, 0, 40, 40))
    stored = kept(stored_as("a.png", few, format="PNG", transparency=0))
    assert stored.getpixel((5, 5)) == (*RED, 255)
    assert stored.getpixel((35, 5))[3] == 0
    real = shared_data / "uploads/images/l_trns.png"
    assert kept(ContentFile(real.read_bytes(), "a.png")).mode == "RGBA"


def test_of_what_moves_the_first_picture_is_kept():
    first, second = Picture.new("RGB", (40, 40), RED), Picture.new("RGB", (40, 40), BLUE)
    file = stored_as("a.webp", first, format="WEBP", save_all=True, append_images=[second], lossless=True)
    stored = kept(file)
    assert getattr(stored, "n_frames", 1) == 1
    assert is_like(stored.convert("RGB").getpixel((5, 5)), RED)


def test_a_picture_of_one_pixel_is_kept_as_it_is():
    image = make_image(file=make_drawing((1, 1)))
    assert (image.width, image.height, image.renditions) == (1, 1, [])


@pytest.mark.parametrize(("size", "expected"), [((10_000, 8_000), (2400, 1920)), ((60_000, 1_000), (2400, 40))])
def test_a_huge_picture_is_kept_as_large_as_a_page_can_show(size, expected):
    image = make_image(size=size, renditions=False)
    assert (image.width, image.height) == expected
    assert max(expected) == LONGEST_SIDE
