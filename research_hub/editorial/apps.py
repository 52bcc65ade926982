from importlib import import_module

from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class EditorialConfig(AppConfig):
    name = "research_hub.editorial"
    verbose_name = _("Editing")

    def ready(self):
        autodiscover_modules("checklist")
        # Signals, against the custom of the house: they are the one way in which Django tells of every log-in.
        audit = import_module(f"{self.name}.audit")  # it has a model, which cannot be imported above
        user_logged_in.connect(audit.logged_in)
        user_logged_out.connect(audit.logged_out)
        user_login_failed.connect(audit.log_in_failed)
