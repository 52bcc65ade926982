from importlib import import_module

from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "research_hub.accounts"
    verbose_name = _("Accounts")

    def ready(self):
        # A signal, against the custom of the house: the one way in which Django tells of every log-in.
        sessions = import_module(f"{self.name}.sessions")  # it has a model, which cannot be imported above
        user_logged_in.connect(sessions.begun)
