import os
import subprocess
import sys

import pytest
from django.conf import settings


@pytest.fixture
def manage_at():
    """A function that calls commands of the site with this database and this folder; it returns whether one succeeded,
    and all that it said."""

    def manage_at(database_url, folder):
        own = {"DATABASE_URL": database_url, "DATA_DIR": str(folder), "DJANGO_SETTINGS_MODULE": "tests.settings"}

        def call(*arguments, **environment):
            run = [sys.executable, "manage.py", *map(str, arguments)]
            variables = os.environ | own | environment
            done = subprocess.run(
                run, env=variables, cwd=settings.BASE_DIR, capture_output=True, text=True, check=False
            )
            return done.returncode == 0, done.stdout + done.stderr

        return call

    return manage_at
