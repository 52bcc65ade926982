"""Whether the application in this container answers: its health check. No word of the database: a container that is
started anew mends nothing there."""

import os
import sys
from http.client import HTTPConnection, HTTPException

port = os.environ.get("BIND", "127.0.0.1:8000").rpartition(":")[2]
host = os.environ.get("ALLOWED_HOSTS", "localhost").partition(",")[0].strip()
connection = HTTPConnection("127.0.0.1", int(port), timeout=4)
try:
    connection.request("GET", "/healthz", headers={"Host": host, "X-Forwarded-Proto": "https"})
    status = connection.getresponse().status
except (OSError, HTTPException) as error:
    sys.exit(f"no answer: {error}")
sys.exit(0 if status < 500 else f"answered {status}")
