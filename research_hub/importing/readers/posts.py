"""The text of a post as WordPress keeps it: languages in one field, shortcodes, blank lines for paragraphs."""

import re
from html import escape

from ..records import Link

LANGUAGE = re.compile(r"<!--:([a-z]{2})?-->|\[:([a-z]{2})?\]|\{:([a-z]{2})?\}")  # of qTranslate, older and newer
COMMENT = re.compile(r"<!--.*?-->", re.S)
CODE = re.compile(r"\[(sourcecode|code|cc|php)\b[^\]]*\](.*?)\[/\1\]", re.S | re.I)
CAPTION = re.compile(r"\[(?:wp_)?caption[^\]]*\](.*?)\[/(?:wp_)?caption\]", re.S | re.I)
EMBED = re.compile(
    r"\[(?:embed|video|audio|youtube|vimeo)\b([^\]]*)\](?:([^\[]*)\[/(?:embed|video|audio|youtube|vimeo)\])?"
)
LAYOUT = re.compile(r"\[/?(?:gallery|playlist|(?:vc|et_pb|fusion|av)_\w+)\b[^\]]*\]", re.I)
PRE = re.compile(r"(<pre\b.*?</pre>)", re.S | re.I)
BLOCK = re.compile(r"</?(?:p|div|ul|ol|li|h[1-6]|table|t[rdh]|blockquote|figure|hr|section|iframe|pre)\b", re.I)
BEGINS = re.compile(r"(<(?:h[1-6]|ul|ol|table|blockquote|figure)\b)", re.I)
ENDS = re.compile(r"(</(?:h[1-6]|ul|ol|table|blockquote|figure|div)>)", re.I)
RECORDING = re.compile(
    r"https?://(?:[\w-]+\.)?(?:youtube(?:-nocookie)?\.com/(?:watch\?|embed/)|youtu\.be/|vimeo\.com/(?:video/)?\d"
    r"|soundcloud\.com/|open\.spotify\.com/)[^\s\"'<>\[\]]*"
    r"|https?://[^\s\"'<>\[\]]+\.(?:mp3|m4a|ogg|mp4|webm)\b",
    re.I,
)
AUDIO = re.compile(r"soundcloud|spotify|\.(?:mp3|m4a|ogg)$", re.I)


def in_languages(text: str) -> dict[str, str]:
    """Its pieces by language; what stands outside of all of them belongs to each. Without any mark, it is under ""."""
    found: dict[str, str] = {}
    start, language, common = 0, "", ""
    for mark in LANGUAGE.finditer(text):
        piece = text[start : mark.start()]
        if language:
            found[language] = found.get(language, "") + piece
        else:
            common += piece
        start, language = mark.end(), mark[1] or mark[2] or mark[3] or ""
    if not start:
        return {"": text}
    rest = text[start:]
    if language:
        found[language] = found.get(language, "") + rest
    common = (common + ("" if language else rest)).strip()
    return {language: f"{common}\n\n{piece}".strip() for language, piece in found.items()} or {"": common}


def prepared(html: str) -> str:
    """HTML that says by itself what WordPress makes of it when it shows it."""
    html = CODE.sub(lambda found: f"<pre>{escape(found[2].strip())}</pre>", COMMENT.sub("", html))
    html = LAYOUT.sub("", EMBED.sub("", CAPTION.sub(r"\1", html)))
    if re.search(r"<p\b", html, re.I):
        return html.strip()
    parts = PRE.split(html.replace("\r\n", "\n"))
    return "\n".join(part if PRE.fullmatch(part) else paragraphs(part) for part in parts if part.strip())


def paragraphs(text: str) -> str:
    text = BEGINS.sub(r"\n\n\1", ENDS.sub(r"\1\n\n", text))
    pieces = (piece.strip() for piece in re.split(r"\n\s*\n", text))
    return "\n".join(
        piece if BLOCK.match(piece) else "<p>" + piece.replace("\n", "<br>\n") + "</p>" for piece in pieces if piece
    )


def recordings(html: str) -> list[Link]:
    found = dict.fromkeys(url.replace("&amp;", "&") for url in RECORDING.findall(html))
    return [Link(url, kind="audio" if AUDIO.search(url) else "video") for url in found]
