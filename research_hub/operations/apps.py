import gc
from importlib import import_module

from django.apps import AppConfig
from django.core.signals import got_request_exception
from django.db.backends.signals import connection_created
from django.utils.translation import gettext_lazy as _


class OperationsConfig(AppConfig):
    name = "research_hub.operations"
    verbose_name = _("Operation")

    def ready(self):
        # Python looks for garbage after every 700 new objects unless told otherwise: a page makes some thousands, and
        # what goes through all entries spent a fifth of its time on looking.
        gc.set_threshold(10_000, 10, 10)
        import_module(f"{self.name}.checks")
        # Signals, against the custom of the house: they are the one way in which Django tells of new connections, and
        # of errors that no middleware sees.
        queries = import_module(f"{self.name}.queries")
        connection_created.connect(queries.watch)
        got_request_exception.connect(queries.request_failed)
