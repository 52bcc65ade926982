"""What an event had better have before readers meet it, beside what every entry must have."""

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from research_hub.editorial.checklist import advisory

from .models import Event

EVENT = "events.event"


@advisory(gettext_lazy("Place"), of=EVENT, field="city")
def has_a_place(event):
    is_scheduled = event.state == Event.State.SCHEDULED and event.format != Event.Format.ONLINE
    if is_scheduled and not any([event.city, event.venue_en, event.venue_es]):
        return _("People are to come to it: say where it takes place, the city at least.")


@advisory(gettext_lazy("Registration"), of=EVENT, field="registration_url")
def registration_is_still_open(event):
    if event.registration_url and event.ends_at and event.ends_at < timezone.now():
        return _("This is over, so readers are no longer shown the link to register.")
