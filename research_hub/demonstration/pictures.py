"""Pictures and papers for the demonstration, drawn when it is loaded: the repository holds none."""

import random
from io import BytesIO

from django.core.files.base import ContentFile
from PIL import Image as Picture
from PIL import ImageDraw, ImageFont

PALETTES = [
    ("#f3e9dc", "#d9b48f", "#a8653f", "#5e3023"),
    ("#e4eef0", "#9fc2c9", "#4f8a96", "#1f4d5a"),
    ("#eef0e1", "#bcc78f", "#7c8f45", "#3f5226"),
    ("#f1e7ef", "#c9a3bf", "#8d5b85", "#4b2a4a"),
]


def landscape(seed: str, size=(1200, 675)) -> ContentFile:
    """Hills behind hills, the same for the same seed."""
    chance = random.Random(seed)
    sky, *hills = chance.choice(PALETTES)
    width, height = size
    picture = Picture.new("RGB", size, sky)
    draw = ImageDraw.Draw(picture)
    sun, radius = chance.randrange(width // 5, width * 4 // 5), height // chance.choice([7, 9, 11])
    draw.ellipse((sun - radius, height // 4 - radius, sun + radius, height // 4 + radius), fill=hills[0])
    for depth, colour in enumerate(hills):
        y = height * (0.42 + 0.17 * depth)
        ridge = [(x, y + chance.uniform(-0.09, 0.09) * height) for x in range(0, width + 101, 100)]
        draw.polygon([*ridge, (width + 100, height), (0, height)], fill=colour)
    out = BytesIO()
    picture.save(out, "JPEG", quality=85)
    return ContentFile(out.getvalue(), name=f"{seed}.jpg")


def paper(title: str, pages: int) -> ContentFile:
    """A PDF of so many pages with the title on the first."""
    sheets = [Picture.new("L", (595, 842), 255) for _ in range(pages)]
    for number, sheet in enumerate(sheets, start=1):
        draw = ImageDraw.Draw(sheet)
        if number == 1:
            draw.multiline_text((60, 90), wrapped(title), font=ImageFont.load_default(22), fill=20, spacing=8)
        draw.text((290, 800), str(number), font=ImageFont.load_default(12), fill=60)
    out = BytesIO()
    sheets[0].save(out, "PDF", save_all=True, append_images=sheets[1:])
    return ContentFile(out.getvalue(), name="paper.pdf")


def wrapped(text: str, width: int = 40) -> str:
    lines = [""]
    for word in text.split():
        if len(lines[-1]) + len(word) > width:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return "\n".join(lines)
