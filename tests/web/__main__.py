"""`make pages`: the main pages as Lighthouse reckons them for a phone, the median of three visits."""

import os
import sys
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
django.setup()

from tests.web.lighthouse import CATEGORIES, measure  # noqa: E402
from tests.web.pages import page  # noqa: E402
from tests.web.site import prepare, served  # noqa: E402
from tests.web.tools import missing_tools  # noqa: E402

KINDS = ["home", "topic", "publication", "event"]
VISITS = 3
LEAST = {"performance": 95, "accessibility": 100, "best-practices": 100, "seo": 100}
LATEST_PAINT = 1500  # milliseconds


def line(*cells) -> str:
    return "".join(f"{cell!s:<{width}}" for cell, width in zip(cells, (40, 13, 15, 16, 5, 6), strict=True))


def main() -> int:
    if missing_tools():
        sys.exit(f"Pages cannot be measured here: {missing_tools()}.")
    failed = False
    with TemporaryDirectory(prefix="research-hub-pages-") as folder:
        prepare(Path(folder))
        with served(Path(folder)) as site:
            print(line("page", *CATEGORIES, "LCP"))
            for path in (page(kind, language).path for kind in KINDS for language in ("en", "es")):
                reports = [measure(site + path) for _ in range(VISITS)]
                scores = {name: median(report.scores[name] for report in reports) for name in CATEGORIES}
                paint = median(report.largest_paint for report in reports)
                failed |= paint > LATEST_PAINT or any(scores[name] < LEAST[name] for name in CATEGORIES)
                print(line(path, *scores.values(), f"{paint / 1000:.2f} s"), flush=True)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
