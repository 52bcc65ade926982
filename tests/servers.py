"""The programs that stand around the site where it is served, started for a test in folders of their own.

    with Servers(tmp_path) as servers:
        site = servers.site(database_url)         # migrated and with its static files collected
        app = servers.gunicorn(site, port=8180)   # research_hub/deploy/gunicorn.py
        servers.nginx(app, http=8181, https=8182) # research_hub/deploy/nginx.conf.template

All are stopped at the end, each by its own process, whatever else runs on the machine.
"""

import http.client
import os
import re
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import time
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path
from secrets import token_urlsafe
from string import Template

import pytest

ROOT = Path(__file__).parent.parent
DEPLOY = ROOT / "research_hub" / "deploy"
LONGEST_START = 120  # seconds, on a machine that is busy

# The program, Debian's package that has it, and what is not tested where it is missing
PROGRAMS = {
    "nginx": ("nginx", "the site behind nginx"),
    "redis-server": ("redis-server", "the loss of the shared cache"),
    "varnishd": ("varnish", "the site behind a cache"),
    "openssl": ("openssl", "the site behind nginx"),
    "systemd-analyze": ("systemd", "the units for systemd"),
}
BROTLI = "ngx_http_brotli_static_module.so"  # Debian: libnginx-mod-http-brotli-static
NOT_COLLECTED = ("admin", "django_prose_editor", "modeltranslation", "ninja")
NGINX_MODULES = Path("/usr/lib/nginx/modules")


def missing_programs() -> dict[str, str]:
    """What cannot be tested here, and why."""
    gaps = {
        what: f"there is no program named {program} (Debian: apt install {package})"
        for program, (package, what) in PROGRAMS.items()
        if find(program) is None
    }
    if find("nginx") and not (NGINX_MODULES / BROTLI).exists():
        gaps["the site behind nginx"] = "nginx cannot send Brotli (Debian: apt install libnginx-mod-http-brotli-static)"
    return gaps


def find(program: str) -> str | None:
    return shutil.which(program, path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")


def need(*programs: str) -> None:
    """Leave the test out where one of these is missing; `make test` says so, and CI fails of it."""
    for program in programs:
        what = PROGRAMS[program][1]
        if find(program) is None or (program == "nginx" and not (NGINX_MODULES / BROTLI).exists()):
            pytest.skip(f"{what}: {missing_programs()[what]}")


def listens(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_until(happens, seconds: float = LONGEST_START, every: float = 0.05) -> None:
    end = time.monotonic() + seconds
    while not happens():
        if time.monotonic() > end:
            raise TimeoutError(f"did not happen in {seconds} s: {happens}")
        time.sleep(every)


@dataclass
class Answer:
    status: int
    headers: http.client.HTTPMessage
    body: bytes
    seconds: float

    @property
    def text(self) -> str:
        return self.body.decode()


TRUSTING = ssl._create_unverified_context()  # a certificate that signs itself, on this machine


def ask(port: int, path: str = "/", method: str = "GET", body=None, tls: bool = False, **headers: str) -> Answer:
    """One request over a connection of its own; a header's name is written with _ for -."""
    begun = time.monotonic()
    kind = http.client.HTTPSConnection if tls else http.client.HTTPConnection
    options = {"context": TRUSTING} if tls else {}
    with closing(kind("127.0.0.1", port, timeout=30, **options)) as connection:
        connection.request(method, path, body, {name.replace("_", "-"): value for name, value in headers.items()})
        response = connection.getresponse()
        return Answer(response.status, response.headers, response.read(), time.monotonic() - begun)


def answers(port: int) -> bool:
    with suppress(OSError):
        return ask(port, "/healthz").status == 200
    return False


@dataclass
class Site:
    """A checkout with data of its own, and the environment that its programs run in."""

    environment: dict[str, str]
    data: Path
    code: Path = ROOT

    def manage(self, *arguments: str) -> str:
        return self.python(str(self.code / "manage.py"), *arguments)

    def collect_static(self, leave_out: tuple[str, ...] = ()) -> None:
        self.manage("collectstatic", "--no-input", "--verbosity=0", *(f"--ignore={name}" for name in leave_out))

    def run(self, code: str) -> str:
        return self.python("-c", code)

    def python(self, *arguments: str) -> str:
        """What it printed."""
        command = [sys.executable, *arguments]
        options = {"capture_output": True, "text": True, "check": False}
        done = subprocess.run(command, env=self.environment, cwd=self.code, **options)
        if done.returncode:
            raise RuntimeError(f"{' '.join(arguments)}: {done.stderr}")
        return done.stdout


@dataclass
class Server:
    """A program that was started, and its log."""

    name: str
    process: subprocess.Popen
    log: Path
    port: int = 0
    ports: dict[str, int] = field(default_factory=dict)

    @property
    def told(self) -> str:
        return self.log.read_text(errors="replace")

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.port}"

    def children(self) -> list[int]:
        """The processes that it started: gunicorn's workers."""
        told = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text()
        return [int(pid) for pid in told.split()]

    def stop(self, how: int = signal.SIGTERM, seconds: float = 20) -> None:
        if self.process.poll() is not None:
            return
        self.process.send_signal(how)
        try:
            self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait(5)


class Servers:
    """What a test has started; the end of the `with` stops it."""

    def __init__(self, folder: Path):
        self.folder, self.started = folder, []

    def __enter__(self):
        return self

    def __exit__(self, *_error):
        for server in reversed(self.started):
            server.stop()

    def start(
        self, name: str, command: list[str], port: int, environment=None, ports=None, *, code=ROOT, door=None
    ) -> Server:
        """Start a program that stays in the foreground, and wait until it listens; behind a door that is open already,
        until it answers."""
        if not door and listens(port):
            raise RuntimeError(f"port {port} is taken")
        log = self.folder / f"{name}-{port}.log"
        with log.open("ab") as out:
            options = {"stdout": out, "stderr": out, "pass_fds": [door.fileno()] if door else []}
            process = subprocess.Popen(command, cwd=code, env=environment or os.environ | {}, **options)
        server = Server(name, process, log, port, ports or {})
        self.started.append(server)
        is_ready = answers if door else listens
        try:
            wait_until(lambda: is_ready(port) or process.poll() is not None)
        except TimeoutError as error:
            raise RuntimeError(f"{name} does not listen at {port}: {server.told}") from error
        if process.poll() is not None:
            raise RuntimeError(f"{name} ended: {server.told}")
        return server

    def site(
        self, database_url: str | None = None, *, prepare: bool = True, leave_out=NOT_COLLECTED, **environment: str
    ) -> Site:
        """The environment of a site in production behind a proxy; its database is SQLite where none is named.

        To prepare it is to make its tables and to collect its static files, those of the admin left out if nothing
        else is said: they are many, and compressing them takes long.
        """
        data = self.folder / "data"
        data.mkdir(exist_ok=True)
        variables = {
            "SECRET_KEY": token_urlsafe(50),
            "DATA_DIR": str(data),
            "DATABASE_URL": database_url or f"sqlite:///{data / 'db.sqlite3'}",
            "ALLOWED_HOSTS": "127.0.0.1,localhost",
            "SITE_URL": "https://127.0.0.1",
            "BEHIND_PROXY": "true",
            "DEMO": "false",
            "DJANGO_SETTINGS_MODULE": "research_hub.settings",
        }
        site = Site(os.environ | variables | environment, data)
        if prepare:
            site.manage("migrate", "--verbosity=0")
        site.collect_static(leave_out)
        return site

    def gunicorn(self, site: Site, port: int = 0, *, app: str = "research_hub.wsgi", **environment: str) -> Server:
        port = port or free_port()
        command = [sys.executable, "-m", "gunicorn", "-c", str(DEPLOY / "gunicorn.py"), app]
        return self.start("gunicorn", command, port, site.environment | {"BIND": f"127.0.0.1:{port}"} | environment)

    def gunicorn_at(self, door: socket.socket, site: Site) -> Server:
        """The site's own release behind a door that was opened before and stays open, as research-hub.socket does."""
        handed_over = f'LISTEN_FDS=1 LISTEN_PID=$$ exec "$@" 3<&{door.fileno()}'
        gunicorn = [sys.executable, "-m", "gunicorn", "-c", str(site.code / "research_hub" / "deploy" / "gunicorn.py")]
        command, port = ["sh", "-c", handed_over, "sh", *gunicorn], door.getsockname()[1]
        return self.start("gunicorn", command, port, site.environment, code=site.code, door=door)

    def nginx(self, app: Server, site: Site, http: int = 0, https: int = 0, **filled_in: str) -> Server:
        """Debian's nginx with our configuration; `ports` are its "http" and "https"."""
        ports = {"http": http or free_port(), "https": https or free_port()}
        folder = self.folder / f"nginx-{ports['https']}"
        folder.mkdir(exist_ok=True)
        values = {
            "SERVER_NAME": "127.0.0.1",
            "HTTP_PORT": f"127.0.0.1:{ports['http']}",
            "HTTPS_PORT": f"127.0.0.1:{ports['https']}",
            "APP_SERVER": app.address,
            "STATIC_DIR": str(site.data / "static"),
            "FILES_DIR": str(site.data / "files"),
            "PAGES_DIR": str(DEPLOY / "pages"),
            "TRUSTED": f"{folder}/trusted*.conf",
            "LOG": str(folder / "access.log"),
            "MAX_BODY": "55m",
            **self.certificate(folder),
            **filled_in,
        }
        (folder / "site.conf").write_text(nginx_site(values))
        user = "user root;" if os.geteuid() == 0 else ""  # else its workers could not read the test's folders
        around = NGINX_AROUND.format(folder=folder, module=NGINX_MODULES / BROTLI, user=user)
        (folder / "nginx.conf").write_text(around)
        command = [find("nginx"), "-c", str(folder / "nginx.conf"), "-p", str(folder), "-g", "daemon off;"]
        return self.start("nginx", command, ports["https"], ports=ports)

    def redis(self, port: int = 0) -> Server:
        port = port or free_port()
        command = [find("redis-server"), "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir"]
        return self.start("redis", [*command, str(self.folder)], port)

    def varnish(self, backend_port: int, port: int = 0) -> Server:
        """Debian's Varnish with our VCL, in front of what speaks http at that port."""
        port = port or free_port()
        folder = self.folder / f"varnish-{port}"
        folder.mkdir(exist_ok=True)
        told = (DEPLOY / "varnish.vcl").read_text()
        told = re.sub(r'\.port = "\d+"', f'.port = "{backend_port}"', told)
        (folder / "site.vcl").write_text(told)
        command = [find("varnishd"), "-F", "-a", f"127.0.0.1:{port}", "-f", str(folder / "site.vcl"), "-n", str(folder)]
        return self.start("varnish", [*command, "-s", "malloc,32m", "-j", "none"], port)

    def certificate(self, folder: Path) -> dict[str, str]:
        """One for 127.0.0.1, signed by itself."""
        files = {"CERTIFICATE": str(folder / "cert.pem"), "CERTIFICATE_KEY": str(folder / "key.pem")}
        command = [find("openssl"), "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"]
        command += ["-nodes", "-days", "2", "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"]
        command += ["-out", files["CERTIFICATE"], "-keyout", files["CERTIFICATE_KEY"]]
        subprocess.run(command, check=True, capture_output=True)
        return files


def nginx_site(values: dict[str, str]) -> str:
    """The template as `envsubst` fills it in: the names it knows; nginx's own variables stay."""
    text = Template((DEPLOY / "nginx.conf.template").read_text()).safe_substitute(values)
    left = re.findall(r"\$\{[A-Z_]+\}", text)
    if left:
        raise ValueError(f"not filled in: {left}")
    return text


NGINX_AROUND = """
load_module {module};
{user}
worker_processes 2;
pid {folder}/nginx.pid;
error_log {folder}/error.log warn;
events {{ worker_connections 1024; }}
http {{
  include /etc/nginx/mime.types;
  default_type application/octet-stream;
  access_log off;
  sendfile on;
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  include {folder}/site.conf;
}}
"""


def kill_worker(pid: int) -> None:
    """As the kernel does where memory runs out."""
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
