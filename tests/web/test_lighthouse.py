"""Lighthouse on the pages that people come for. How fast they are is measured by `make pages`, on a machine at rest."""

import pytest

from .lighthouse import measure
from .pages import page as page_of


@pytest.mark.parametrize(("kind", "language"), [("topic", "en"), ("publication", "es"), ("event", "en")])
def test_it_finds_nothing_to_better(site, kind, language):
    report = measure(site + page_of(kind, language).path)
    assert report.wrong == []
    assert {name: score for name, score in report.scores.items() if name != "performance"} == {
        "accessibility": 100,
        "best-practices": 100,
        "seo": 100,
    }
