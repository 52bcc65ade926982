"""Started for each database and size, so that each is measured in a fresh process: `one SIZE TIMES FILE`."""

import sys
from pathlib import Path

import django

django.setup()

from .measure import report_on  # noqa: E402  models can be imported only now

if __name__ == "__main__":  # the processes that share a rebuild read this file, too
    report_on(int(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3]))
