"""Every kind of page as axe judges it: WCAG 2.2 AA and best practice, and on public pages the contrast of AAA."""

import re

import pytest

from .pages import LOGIN, PUBLIC, STAFF
from .tools import AXE

STANDARD = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
COLOURS = ["color-contrast", "link-in-text-block"]
BETTER = "color-contrast-enhanced"
REFUSED = """addEventListener("securitypolicyviolation", ({violatedDirective, blockedURI}) =>
  (window.refused ??= []).push(`${violatedDirective} ${blockedURI}`))"""
SIZES = [(1280, 900), (390, 844)]

RUN = """async ([only, better]) => {
  await Promise.all(document.getAnimations().map((animation) => animation.finished));
  const rules = {"target-size": {enabled: true}, "color-contrast-enhanced": {enabled: better}};
  const found = await axe.run(document, {
    runOnly: only, rules: only.type === "tag" ? rules : {}, resultTypes: ["violations"], preload: false,
  });
  const why = ({any, all, none}) => [...any, ...all, ...none].map((check) => check.message).join("; ");
  return found.violations.flatMap(({id, nodes}) =>
    nodes.map((node) => `${id} at ${node.target.join(" ")}: ${why(node)}`));
}"""


def faults(page, better: bool) -> list[str]:
    """What axe finds on the open page in each size, light and dark; the dark differs in its colours only. Before that,
    what the browser has refused to load."""
    found = [f"refused by the site's own policy: {what}" for what in page.evaluate("window.refused ?? []")]
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        page.emulate_media(color_scheme="light")
        faults = page.evaluate(RUN, [{"type": "tag", "values": STANDARD}, better])
        found += [f"{width} wide: {fault}" for fault in faults]
        page.emulate_media(color_scheme="dark")
        colours = {"type": "rule", "values": [*COLOURS, *[BETTER] * better]}
        found += [f"{width} wide, dark: {fault}" for fault in page.evaluate(RUN, [colours, better])]
    return found


# Of Django's own: the heading of no column in a table of rows, and the list in a box that searches for several.
OF_DJANGO = re.compile(r"empty-table-header at .*\.original: |list at .*\.select2-selection--multiple.* > ul: ")


@pytest.fixture
def open_page(browser):
    """A function that opens a page with axe in it; one that answers otherwise than expected is not that page."""
    contexts = []

    def open_page(address: str, status=200, **options):
        context = browser.new_context(**options)
        contexts.append(context)
        context.add_init_script(path=AXE)
        context.add_init_script(REFUSED)
        opened = context.new_page()
        answer = opened.goto(address)
        assert answer is None or (answer.status, answer.request.redirected_from) == (status, None)
        return opened

    yield open_page
    for context in contexts:
        context.close()


def test_axe_finds_what_is_wrong(open_page):
    """A grey that AA allows and AAA does not, a picture without words, a field without a name, a missing language."""
    wrong = "<title>x</title><main><h1>x</h1><p style='color: #707070'>Grey words</p><img src='x'><input></main>"
    found = "\n".join(faults(open_page(f"data:text/html,<!doctype html>{wrong.replace('#', '%23')}"), better=True))
    for rule in ("color-contrast-enhanced", "image-alt", "label", "html-has-lang"):
        assert f"1280 wide: {rule} at" in found
    assert "390 wide, dark: color-contrast-enhanced at" in found
    assert "color-contrast at" not in found


@pytest.mark.parametrize("page", [*PUBLIC, *LOGIN], ids=str)
def test_a_public_page(site, open_page, page):
    found = faults(open_page(site + page.path, page.status), better=page not in LOGIN)
    assert not found, "\n".join(found)


@pytest.mark.parametrize("page", STAFF, ids=str)
def test_a_page_of_the_admin(site, open_page, logged_in, page):
    opened = open_page(site + page.path, storage_state=logged_in)
    found = [fault for fault in faults(opened, better=False) if not OF_DJANGO.search(fault)]
    assert not found, "\n".join(found)
