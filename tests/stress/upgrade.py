"""The release that comes after this one, put in its place while people are at work, as docs/operators.md says."""

import shutil
from dataclasses import replace
from pathlib import Path

from tests.servers import ROOT, Site

LEFT_OUT = shutil.ignore_patterns(".*", "var", "docs", "node_modules", "__pycache__", "tests")
MARK = '<meta name="release" content="next">'
LOOK = "\n@layer layout { .next-release { order: 1 } }\n"
FIELD = """

Publication.add_to_class("remark", models.TextField("remark", null=True, blank=True))
Publication._meta.indexes.append(models.Index(fields=["series", "-updated_at"], name="publication_next_release"))
"""
MIGRATION = """
from django.db import migrations, models

from research_hub.operations.migrating import AddIndexWhileServing


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("publications", "{before}")]
    operations = [
        migrations.AddField("publication", "remark", models.TextField("remark", null=True, blank=True)),
        AddIndexWhileServing(
            "publication", models.Index(fields=["series", "-updated_at"], name="publication_next_release")
        ),
    ]
"""


def next_release(folder: Path) -> Path:
    """A copy of this one with a column and an index more, another look, and a mark on each page."""
    shutil.copytree(ROOT, folder, ignore=LEFT_OUT)
    migrations = folder / "publications" / "migrations"
    before = max(file.stem for file in migrations.glob("0*.py"))
    (migrations / f"{int(before[:4]) + 1:04}_next_release.py").write_text(MIGRATION.format(before=before))
    change(folder / "publications" / "models.py", "", FIELD)
    change(folder / "research_hub" / "static" / "css" / "layout.css", "", LOOK)
    change(folder / "templates" / "base.html", "</head>", f"{MARK}\n</head>")
    return folder


def change(file: Path, old: str, new: str) -> None:
    """Put the one text for the other; at the end where there is no old one."""
    text = file.read_text()
    if old and text.count(old) != 1:
        raise RuntimeError(f"{file} does not have {old} once")
    file.write_text(text.replace(old, new) if old else text + new)


def prepared(site: Site, folder: Path) -> Site:
    """The next release with its tables and static files in place, and this one still serving."""
    following = replace(site, code=next_release(folder))
    following.manage("migrate", "--verbosity=0")
    following.collect_static()
    return following
