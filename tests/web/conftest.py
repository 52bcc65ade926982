"""The checkers of pages, from their npm packages (tests/web/package.json), and Debian's Chromium."""

import fcntl
import shutil
import urllib.error
import urllib.request

import pytest

from research_hub.demonstration.load import PASSWORD
from tests.browser.conftest import CHROMIUM, browser_type_launch_args  # noqa: F401

from .site import prepare, served
from .tools import missing_tools


def pytest_collection_modifyitems(items):
    gaps = missing_tools()
    for item in items:
        if "tests/web" in str(item.path):
            item.add_marker(pytest.mark.sqlite)  # pages are the same on the other database
            item.add_marker(pytest.mark.browser)
            if gaps:
                item.add_marker(pytest.mark.skip(reason=gaps))


@pytest.fixture(scope="session")
def site(tmp_path_factory, worker_id):
    """The address of the running site; the processes of a test run share what it holds."""
    own = tmp_path_factory.getbasetemp()
    folder = (own if worker_id == "master" else own.parent) / "web"
    with open(folder.with_suffix(".lock"), "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "ready").exists():
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            prepare(folder)
            (folder / "ready").touch()
    with served(folder) as address:
        yield address


@pytest.fixture(scope="session")
def logged_in(browser, site) -> dict:
    """The cookies of an administrator, who sees every page of the admin."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{site}/admin/login/?next=/topics/")
    page.fill("[name=username]", "administrator")
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_url(f"{site}/topics/")
    state = context.storage_state()
    context.close()
    return state


@pytest.fixture(scope="session")
def fetch(site):
    """The text of a page as it is sent, and its status."""

    def fetch(path: str, cookies: dict | None = None) -> tuple[int, str]:
        jar = "; ".join(f"{cookie['name']}={cookie['value']}" for cookie in (cookies or {}).get("cookies", []))
        request = urllib.request.Request(site + path, headers={"Cookie": jar, "Accept": "text/html"})
        try:
            with urllib.request.urlopen(request) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()

    return fetch
