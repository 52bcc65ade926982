"""css/site.css: the style sheets of a page in one file, so that it waits for one.

It is written from them where static files are looked for: by `collectstatic`, by the demonstration, and on every
request in development.
"""

from pathlib import Path
from tempfile import NamedTemporaryFile

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage

NAME = "css/site.css"
SHEETS = ("tokens", "base", "layout", "components")  # the first names the layers in their order


def joined() -> str:
    folder = settings.BASE_DIR / "research_hub" / "static" / "css"
    return "\n".join((folder / f"{sheet}.css").read_text(encoding="utf-8") for sheet in SHEETS)


class JoinedSheets(BaseFinder):
    def __init__(self, app_names=None, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.storage = FileSystemStorage(location=settings.DATA_DIR / "joined")

    def check(self, **kwargs):
        return []

    def find(self, path, find_all=False, **kwargs):
        if path != NAME:
            return []
        written = str(self.write())
        return [written] if find_all else written

    def list(self, ignore_patterns):
        self.write()
        yield NAME, self.storage

    def write(self) -> Path:
        """Where it is; a file that says so already is left alone, for `collectstatic` goes by its age."""
        path, text = Path(self.storage.path(NAME)), joined()
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.parent.mkdir(parents=True, exist_ok=True)
            with NamedTemporaryFile("w", dir=path.parent, delete=False, encoding="utf-8") as file:
                file.write(text)
            Path(file.name).replace(path)  # whoever reads it meanwhile reads all of it
            path.chmod(0o644)
        return path
