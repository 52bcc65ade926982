"""Where whoever finds a hole tells of it: /.well-known/security.txt (RFC 9116)."""

from datetime import timedelta

from django.conf import settings
from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.csrf import csrf_exempt

from research_hub.languages.addresses import absolute

GOOD_FOR = timedelta(days=180)  # where nobody has said until when


@method_decorator(csrf_exempt, name="dispatch")
class SecurityTxt(View):
    def get(self, request):
        if not settings.SECURITY_CONTACT:
            raise Http404
        today = timezone.now().replace(hour=0, minute=0, second=0, microsecond=0)
        lines = [
            *(f"Contact: {contact}" for contact in settings.SECURITY_CONTACT),
            f"Expires: {settings.SECURITY_EXPIRES or f'{today + GOOD_FOR:%Y-%m-%dT%H:%M:%SZ}'}",
            "Preferred-Languages: en, es",
            f"Canonical: {absolute(request.path)}",
            "",
        ]
        response = HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")
        response["Cache-Control"] = "public, max-age=3600"
        return response
