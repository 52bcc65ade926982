"""Where the checkers are, and what is missing of them."""

import shutil
from pathlib import Path

HERE = Path(__file__).parent
MODULES = HERE / "node_modules"
AXE = MODULES / "axe-core" / "axe.min.js"
VNU = MODULES / "vnu-jar" / "build" / "dist" / "vnu.jar"
LIGHTHOUSE = MODULES / "lighthouse" / "cli" / "index.js"

PROGRAMS = {"chromium": "chromium", "node": "nodejs", "java": "default-jre-headless"}  # and Debian's package


def missing_tools() -> str:
    """Why pages cannot be checked here and what to do about it; nothing where they can."""
    packages = [package for program, package in PROGRAMS.items() if not shutil.which(program)]
    if packages:
        return f"programs are missing (Debian: apt install {' '.join(packages)})"
    if not all(path.exists() for path in (AXE, VNU, LIGHTHOUSE)):
        return "the checkers are not installed (npm ci --prefix tests/web)"
    return ""
