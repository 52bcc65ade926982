"""The site, and beside it two addresses that tell what reached the application and that take their time."""

import json
import sys
import time

from research_hub.wsgi import application as site


def application(environ, start_response):
    path = environ["PATH_INFO"]
    if path == "/test/echo":
        told = {name: value for name, value in environ.items() if isinstance(value, str)}
        told["received"] = len(environ["wsgi.input"].read())
        start_response("200 OK", [("Content-Type", "application/json")])
        return [json.dumps(told).encode()]
    if path == "/test/slow":
        print("slow: begun", file=sys.stderr, flush=True)
        time.sleep(1)
        start_response("200 OK", [("Content-Type", "text/plain")])
        return [b"slow"]
    return site(environ, start_response)
