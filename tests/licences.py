"""`python -m tests.licences > docs/licences.md`: under which licence each package is that the site runs with, and why
it is here. Read from what the packages say of themselves; the reasons stand in pyproject.toml."""

import re
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement

from tests import audit

ROOT = Path(__file__).resolve().parent.parent
PINNED = ROOT / "research_hub/requirements/run.txt"

# They ask for no more than their name and text, or, as LGPL and MPL, for changes to themselves.
ALLOWED = {
    "0BSD", "Apache-2.0", "BSD", "BSD-2-Clause", "BSD-3-Clause", "CC-BY-4.0", "CC0-1.0", "HPND", "ISC",
    "LGPL-3.0-only", "MIT", "MIT-CMU", "MPL-2.0", "PSF-2.0", "Unlicense", "Zlib",
}  # fmt: skip
NAMES = {"BSD License": "BSD", "MIT License": "MIT", "Apache Software License": "Apache-2.0"}  # of the classifiers
ELSEWHERE = {"async-timeout": "Apache-2.0", "colorama": "BSD"}  # pinned for early Pythons 3.11, and for Windows

HEAD = """# Licences

What the site runs with, as `research_hub/requirements/run.txt` pins it by version and hash, and under which licence.
Made by `python -m tests.licences > docs/licences.md`; a test fails when it is out of date, or a licence is not one that
may be used beside ours (MIT).

| package | licence | for |
|---|---|---|"""


def pinned() -> list[str]:
    return sorted({name for name, _version in audit.pinned(PINNED.read_text(encoding="utf-8"))})


def asked_for() -> dict[str, tuple[Requirement, str]]:
    """What pyproject.toml asks for, with its comment."""
    told = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    told = told.partition("\ndependencies = [\n")[2].partition("\n]")[0]
    rows = re.findall(r'^ *"(.+)", *# (.+)$|^ *"(.+)",', told, re.M)
    found = [(Requirement(with_reason or alone), reason) for with_reason, reason, alone in rows]
    return {requirement.name.lower(): (requirement, reason) for requirement, reason in found}


def licence_of(name: str) -> str:
    try:
        told = metadata.metadata(name)
    except metadata.PackageNotFoundError:
        return ELSEWHERE.get(name, "unknown")
    said = told.get("License-Expression") or told.get("License") or ""
    if words(said) and words(said) <= ALLOWED:
        return said
    rows = [row.rpartition(" :: ")[2] for row in told.get_all("Classifier", []) if row.startswith("License ::")]
    return " OR ".join(sorted(NAMES.get(row, row) for row in rows)) or said or "unknown"


def words(licence: str) -> set[str]:
    """The licences that an expression names."""
    return set(re.split(r"\s+(?:AND|OR)\s+", licence.strip("() "))) - {""}


def needed_by() -> dict[str, list[str]]:
    """Which packages need a package, wherever they run; what only an extra needs counts where we ask for the extra."""
    direct, needed = asked_for(), {}
    for name in set(pinned()) - set(ELSEWHERE):
        extras = direct[name][0].extras if name in direct else set()
        for row in map(Requirement, metadata.requires(name) or []):
            extra = re.search(r"extra == [\"'](\S+)[\"']", str(row.marker))
            if not extra or extra[1] in extras:
                needed.setdefault(re.sub(r"[-_.]+", "-", row.name.lower()), set()).add(name)
    return {name: sorted(others) for name, others in needed.items()}


def page() -> str:
    direct, needed = asked_for(), needed_by()
    reasons = {name: direct[name][1] if name in direct else f"needed by {', '.join(needed[name])}" for name in pinned()}
    return "\n".join([HEAD, *(f"| {name} | {licence_of(name)} | {reasons[name]} |" for name in pinned())]) + "\n"


if __name__ == "__main__":
    print(page(), end="")
