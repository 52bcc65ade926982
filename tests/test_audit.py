"""The audit of what is pinned finds a version that is named, and lets the one after it be."""

import json

import pytest

from tests import audit


def test_every_package_that_is_pinned_is_looked_at():
    text = (audit.FOLDER / "run.txt").read_text(encoding="utf-8")
    versions = audit.pinned(text)
    assert {"django", "psycopg", "pillow"} <= {name for name, _version in versions}
    assert len(versions) == sum(line[:1].isalnum() for line in text.splitlines())


@pytest.mark.parametrize(("specifier", "ends"), [("<9999", 1), ("<0.1", 0)])
def test_a_version_with_a_hole_is_named(tmp_path, capsys, specifier, ends):
    file = tmp_path / "insecure.json"
    file.write_text(json.dumps({"$meta": {"timestamp": 1775023247}, "Django": [specifier]}))
    assert audit.main([str(file)]) == ends
    told = capsys.readouterr().out
    assert "The list is of 2026-04-01." in told
    assert ("django " in told) is bool(ends)
