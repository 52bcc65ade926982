"""What `manage.py check` says of the settings beside what Django says."""

import os

from django.conf import settings
from django.core.checks import Warning, register
from django.utils.translation import gettext as _


@register()
def misspelt_settings(app_configs, **kwargs):
    """Names of the environment that nothing reads, and that look like one that is read."""
    words = _("%(name)s is in the environment and is read by nothing: was %(setting)s meant?")
    return [
        Warning(words % {"name": name, "setting": setting}, id="research_hub.W001")
        for name, setting in settings.ENVIRONMENT.misspelt(list(os.environ)).items()
    ]
