"""The virus scanner: a program that the operator names, which is given the file and says by its exit what it thinks."""

import logging
import subprocess
from enum import Enum

from django.conf import settings

logger = logging.getLogger(__name__)

LONGEST = 60  # seconds


class Verdict(Enum):
    GOOD = 0
    BAD = 1  # as clamscan and clamdscan say it
    UNKNOWN = 2


def verdict(file) -> Verdict:
    """Of the whole file, on the program's standard input. Where none is named, every file is good."""
    if not settings.UPLOAD_SCAN_COMMAND:
        return Verdict.GOOD
    try:
        done = subprocess.run(settings.UPLOAD_SCAN_COMMAND, input=file.read(), capture_output=True, timeout=LONGEST)
    except (OSError, subprocess.TimeoutExpired) as error:
        logger.error("The virus scanner does not run: %s", error)
        return Verdict.UNKNOWN
    if done.returncode not in (0, 1):
        logger.error("The virus scanner ended with %s: %s", done.returncode, done.stderr[:500].decode(errors="replace"))
        return Verdict.UNKNOWN
    return Verdict(done.returncode)
