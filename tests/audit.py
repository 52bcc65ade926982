"""`python -m tests.audit insecure.json`: which of the pinned packages have a known hole, by a list on the disk.

For a machine without the network; with it, `pip-audit` asks newer lists. The file is `data/insecure.json` of
https://github.com/pyupio/safety-db: versions with a hole, as specifiers, by the name of the package.
"""

import json
import sys
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

FOLDER = Path(__file__).resolve().parent.parent / "research_hub/requirements"


def pinned(text: str) -> list[tuple[str, str]]:
    """Name and version of each package; one may stand there twice, for different machines."""
    lines = [line.partition(" \\")[0] for line in text.splitlines() if "==" in line and not line.startswith(" ")]
    requirements = map(Requirement, lines)
    return [(canonicalize_name(one.name), next(iter(one.specifier)).version) for one in requirements]


def holes(versions: list[tuple[str, str]], known: dict[str, list[str]]) -> Iterator[str]:
    by_name = {canonicalize_name(name): specifiers for name, specifiers in known.items() if name != "$meta"}
    for name, version in versions:
        for specifier in by_name.get(name, []):
            if SpecifierSet(specifier).contains(version, prereleases=True):
                yield f"{name} {version} is among {specifier}"


def main(arguments: Iterable[str]) -> int:
    (file,) = arguments
    known = json.loads(Path(file).read_text(encoding="utf-8"))
    print(f"The list is of {datetime.fromtimestamp(known['$meta']['timestamp'], UTC):%Y-%m-%d}.")
    found = []
    for name in ("run", "test"):
        versions = pinned((FOLDER / f"{name}.txt").read_text(encoding="utf-8"))
        holes_here = list(holes(versions, known))
        print(f"{name}.txt: {len(versions)} packages, {len(holes_here)} holes")
        found += holes_here
    print(*found, sep="\n")
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
