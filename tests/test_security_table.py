"""docs/security.md: each item of the standard has an answer, and each test that it names exists."""

import ast
import re
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
ROW = re.compile(r"^\| (\d+\.\d+\.\d+) \| ([12]) \| (.+?) \| (.*?) ?\| (.+?) \|$", re.M)
TEST = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")
ANSWERS = ("deployment: ", "deviation: ", "document: ", "open")

ROWS = ROW.findall((ROOT / "docs/security.md").read_text(encoding="utf-8"))


def named_in(path: str) -> set[str]:
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")}


def test_no_row_of_the_table_is_broken():
    lines = (ROOT / "docs/security.md").read_text(encoding="utf-8").splitlines()
    assert len(ROWS) == len([line for line in lines if re.match(r"\| \d", line)]) > 150
    assert len({item for item, *_rest in ROWS}) == len(ROWS)


@pytest.mark.parametrize(("item", "held", "proof"), [(item, held, proof) for item, _level, _asks, held, proof in ROWS])
def test_an_item_names_tests_that_exist_or_says_why_it_has_none(item, held, proof):
    named = TEST.findall(proof)
    assert named or proof.startswith(ANSWERS), item
    assert held or proof == "open", item
    for path, name in named:
        assert (ROOT / path).exists() and name in named_in(path), f"{item}: {path}::{name}"
