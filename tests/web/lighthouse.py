"""Lighthouse on a page: as it judges a phone, with its slow network and processor reckoned in."""

import json
import os
import shutil
import subprocess
from dataclasses import dataclass

from .tools import LIGHTHOUSE

CHROMIUM_FLAGS = "--headless=new --no-sandbox --disable-gpu --disable-quic --disable-background-networking"
ATTEMPTS = 3  # now and then Chromium loses the beginning of what it records (NO_NAVSTART), and nothing is judged
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")


@dataclass(frozen=True)
class Report:
    scores: dict[str, int]
    largest_paint: float  # milliseconds until the largest piece of the first screen stands
    wrong: list[str]  # the audits that are not passed, but for those of performance

    @classmethod
    def read(cls, told: dict) -> "Report":
        kept = [name for name in CATEGORIES if name != "performance"]
        asked = {audit["id"] for name in kept for audit in told["categories"][name]["auditRefs"] if audit["weight"]}
        return cls(
            {name: round(100 * (told["categories"][name]["score"] or 0)) for name in CATEGORIES},
            told["audits"]["largest-contentful-paint"]["numericValue"],
            [
                f"{name}: {told['audits'][name]['title']}"
                for name in asked
                if told["audits"][name]["score"] not in (1, None)
            ],
        )


def measure(address: str) -> Report:
    command = ["node", LIGHTHOUSE, address, "--quiet", "--output=json", "--no-enable-error-reporting"]
    command += [f"--only-categories={','.join(CATEGORIES)}", f"--chrome-flags={CHROMIUM_FLAGS}"]
    environment = os.environ | {"CHROME_PATH": shutil.which("chromium")}
    for _attempt in range(ATTEMPTS):
        told = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=180)
        if told.returncode == 0:
            return Report.read(json.loads(told.stdout))
    raise RuntimeError(told.stderr)
