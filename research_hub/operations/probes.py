"""What machines ask of this one: whether it lives, whether it is ready for readers, and its figures."""

from django.http import HttpResponseNotAllowed, JsonResponse

from . import metrics, readiness

READING = ("GET", "HEAD")


def alive(request):
    """The process answers; nothing else is asked, so that a database that is away kills no worker."""
    return JsonResponse({"alive": True})


def ready(request):
    checks = readiness.lately()
    is_ready = readiness.is_enough(checks)
    told = {"ready": is_ready, "checks": {name: "ok" if is_right else "failed" for name, is_right in checks.items()}}
    return JsonResponse(told, status=200 if is_ready else 503)


def as_probe(answer):
    """For machines only: read, never kept, never shown. No answer where the address is to be like any other."""

    def probe(request):
        response = answer(request) if request.method in READING else HttpResponseNotAllowed(READING)
        if response is not None:
            response.headers["Cache-Control"] = "no-store"
            response.headers["X-Content-Type-Options"] = "nosniff"
        return response

    return probe


def metrics_page(request):
    return metrics.page(request)


PROBES = {"/healthz": as_probe(alive), "/readyz": as_probe(ready), "/metrics": as_probe(metrics_page)}
