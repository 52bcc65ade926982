"""The door for an application server: `gunicorn research_hub.wsgi`."""

import os

from django.core.wsgi import get_wsgi_application

from research_hub.limits import limit_waiting

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "research_hub.settings")
application = get_wsgi_application()
limit_waiting()
