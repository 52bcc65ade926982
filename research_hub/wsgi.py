"""The door for an application server: `gunicorn research_hub.wsgi`."""

import os
import sys

from django.core.wsgi import get_wsgi_application

from research_hub.operations.environment import WrongSettings

GUNICORN_GIVES_UP = 3  # at any other exit of a worker it starts another one, for ever

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "research_hub.settings")
try:
    application = get_wsgi_application()
except WrongSettings as wrong:
    print(wrong, file=sys.stderr)
    sys.exit(GUNICORN_GIVES_UP)
