"""How gunicorn serves the site: `gunicorn -c research_hub/deploy/gunicorn.py` (docs/operators.md)."""

import gc
import logging
import os
import sys
from pathlib import Path

from django.urls import get_resolver
from prometheus_client.multiprocess import mark_process_dead

from research_hub.operations.environment import Environment
from research_hub.operations.logs import FORMS, logging_of, usual_form

wsgi_app = "research_hub.wsgi"
bind = os.environ.get("BIND", "127.0.0.1:8000")  # systemd's socket, where it gives one, comes first

worker_class = "gthread"
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
threads = int(os.environ.get("WEB_THREADS", "4"))
preload_app = True  # the workers share what they have read, and a site that cannot start says so once

timeout = 30  # seconds in which a worker must show life; a page has less: DATABASE_STATEMENT_TIMEOUT
graceful_timeout = 30
keepalive = 65  # longer than nginx keeps an unused connection to us (60), so that it is never we who close it
max_requests = 50_000  # then a worker makes way for a fresh one, and leaves some 150 kB of what it has counted
max_requests_jitter = 10_000

forwarded_allow_ips = os.environ.get("FORWARDED_ALLOW_IPS", "127.0.0.1,::1")  # whose X-Forwarded-Proto is believed
limit_request_line = 8190
limit_request_fields = 60
control_socket_disable = True
if Path("/dev/shm").is_dir():
    worker_tmp_dir = "/dev/shm"  # its heartbeat is a file: on a disk that is busy or full it would stop

accesslog = None  # nginx writes it
errorlog = "-"
_env = Environment()
_form = _env.str("LOG_FORMAT", usual_form(_env), among=FORMS)
_logging = logging_of(_form, "INFO", "")  # as the site's own, which comes only with the application
logconfig_dict = _logging | {"loggers": {"gunicorn.error": {"handlers": ["console"]}}}


def tell_why_it_ends(*error) -> None:
    """What is wrong with a setting the application itself says, in sentences; of anything else this is the line."""
    logging.getLogger("gunicorn.error").critical("The application cannot be started", exc_info=error)


sys.excepthook = tell_why_it_ends


def when_ready(server):
    """What is there now stays for good: collecting it would only copy the pages of memory that workers share. Where
    addresses lead is worked out before there are workers, and not by each of them."""
    _where_addresses_lead = get_resolver().reverse_dict
    gc.collect()
    gc.freeze()


def child_exit(server, worker):
    """What a worker counted stays counted; that it is alive does not."""
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        mark_process_dead(worker.pid)
