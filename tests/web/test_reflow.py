"""Every public page on a small phone, enlarged, and with the room between its letters that a reader may ask for."""

import pytest

from .pages import PUBLIC

SPACED = """
* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important; }
p { margin-block-end: 2em !important; }
"""  # WCAG 1.4.12
ENLARGED = "html { font-size: 200% !important; }"

# What is too wide for the page, and what hides a part of its own text. No loss is what is only for a screen reader, and
# a summary in a list, cut short on a phone: it stands on the entry's page.
LOST = """() => {
  const wide = document.documentElement.scrollWidth - document.documentElement.clientWidth;
  const cut = [...document.querySelectorAll("body *")].filter((element) => {
    const style = getComputedStyle(element);
    const isLeftOut = element.closest("select, svg, .entry .summary");
    if (style.clipPath !== "none" || !element.innerText || isLeftOut) return false;
    const hides = (overflow) => ["hidden", "clip"].includes(overflow);
    return (hides(style.overflowX) && element.scrollWidth > element.clientWidth + 1)
      || (hides(style.overflowY) && element.scrollHeight > element.clientHeight + 1);
  });
  const told = wide > 0 ? [`the page is ${wide} too wide`] : [];
  return [...told, ...cut.map((element) => element.outerHTML.slice(0, 90))];
}"""


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args):
    """A style of the reader's own is none of the page's, which its policy would refuse."""
    return browser_context_args | {"bypass_csp": True}


@pytest.fixture
def lost(page):
    """A function that opens an address in a width, with a style of the reader's own, and says what cannot be read."""

    def lost(address: str, width: int, style: str = "") -> list[str]:
        page.set_viewport_size({"width": width, "height": 640})
        page.goto(address)
        page.add_style_tag(content=style or "/* as it is */")
        return page.evaluate(LOST)

    return lost


def test_what_is_lost_is_found(lost):
    line = "<p style='white-space: nowrap'>A line that does not end where the phone does, and goes on and on after it"
    assert lost(f"data:text/html,<meta name=viewport content=width=device-width>{line}", 320)
    assert lost("data:text/html,<p style='overflow: hidden; height: 1em'>Two lines<br>one of them hidden", 320)


@pytest.mark.parametrize("page_", PUBLIC, ids=str)
def test_nothing_is_lost(site, lost, page_):
    address = site + page_.path
    assert lost(address, 320) == []
    assert lost(address, 320, SPACED) == []
    assert lost(address, 1280, ENLARGED) == []
