"""Texts that leave for a translator's own tool and return: what comes back is what left, or it is refused."""

import io
import time

import polib
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from translate.storage import factory
from translate.storage.xliff2 import Xliff2File

from research_hub.translation import exchange, po
from research_hub.translation.exchange import FORMATS, ExchangeError, Package, Unit, read, sendable, write

NS1, NS2 = "{urn:oasis:names:tc:xliff:document:1.2}", "{urn:oasis:names:tc:xliff:document:2.0}"
SPACE = "{http://www.w3.org/XML/1998/namespace}space"

TITLE = Unit("abcdefgh12", "title", "Who owns the water?", "¿De quién es el agua?")
BODY = Unit("abcdefgh12", "body", "<p>Rain &amp; <strong>wells</strong></p>", "<p>Lluvia y <em>pozos</em></p>", True)
OTHER = Unit("zyxwvtsr98", "title", "A report", "Un informe")

each_format = pytest.mark.parametrize("format", FORMATS)
each_xliff = pytest.mark.parametrize("format", ["xliff1", "xliff2"])

any_letter = st.characters(
    min_codepoint=0x20, exclude_categories=["Cs"], exclude_characters="\ufffe\uffff", include_characters="\t\n\r"
)
awkward = st.sampled_from(
    ['"', "\\", "\\n", "\n", "\r", "\r\n", "\t", " ", "\xa0", "\x85", "\u2028", "\u2029", "\ufeff", "<p>", "&amp;", "&",
     "]]>", "<!--", "msgid ", 'msgstr ""', "#", "#~ ", "#.", "ñ", "𝄞", "a"]
)  # fmt: skip
any_text = st.text(any_letter) | st.lists(awkward).map("".join)
no_letter = st.sampled_from([*map(chr, {*range(0x20)} - {*b"\t\n\r"}), "\ud800", "\udfff", "\ufffe", "\uffff"])


def texts(units):
    return [(unit.uid, unit.field, unit.source, unit.target) for unit in units]


def returned(*units, format="xliff1"):
    return texts(read(write(units, format, "en", "es")).units)


def refused(data) -> ExchangeError:
    with pytest.raises(ExchangeError) as caught:
        read(data.encode() if isinstance(data, str) else data)
    return caught.value


# What leaves returns


@each_format
@settings(max_examples=150, deadline=None)
@given(sent=st.lists(st.tuples(any_text, any_text), min_size=1, max_size=4))
def test_every_text_returns_letter_by_letter(format, sent):
    units = [Unit(f"abcdefgh{n:02}", "body", source, target) for n, (source, target) in enumerate(sent)]
    package = read(write(units, format, "en", "es"))
    assert texts(package.units) == texts(unit for unit in units if unit.target.strip())
    assert package.untranslated == sum(not unit.target.strip() for unit in units)


@each_format
@given(before=any_text, after=any_text, lost=no_letter)
def test_what_xml_cannot_hold_is_left_out(format, before, after, lost):
    unit = Unit("abcdefgh12", "body", f"{before}{lost}{after}", f"a{lost}b")
    assert sendable(unit.source) == before + after
    assert returned(unit, format=format) == [("abcdefgh12", "body", before + after, "ab")]


@each_format
@pytest.mark.parametrize("pair", [("en", "es"), ("es", "en")])
def test_the_file_says_from_which_language_to_which(format, pair):
    package = read(write([TITLE, OTHER], format, *pair))
    assert (package.source_language, package.target_language) == pair
    assert texts(package.units) == texts([TITLE, OTHER])


@each_format
def test_a_text_without_a_translation_is_counted_and_does_not_return(format):
    units = [Unit("abcdefgh12", "summary", "Not yet"), TITLE, Unit("abcdefgh12", "venue", "Blank", " \n")]
    package = read(write(units, format, "en", "es"))
    assert texts(package.units) == texts([TITLE])
    assert package.untranslated == 2


@each_format
def test_each_text_says_in_which_line_it_stands(format):
    data = write([TITLE, OTHER], format, "en", "es")
    lines = data.decode().split("\n")
    units = read(data).units
    assert len(units) == 2
    assert all(unit.name in lines[unit.line - 1] for unit in units)


def test_a_line_beyond_the_65535th_is_told_give_or_take_one():
    long = Unit("abcdefgh12", "body", "x" + "\n" * 70_000, "y")
    data = write([long, OTHER], "xliff2", "en", "es")
    line = data.count(b"\n", 0, data.index(OTHER.name.encode())) + 1
    assert abs(read(data).units[1].line - line) <= 1


# What a tool and its reader find


@each_format
def test_people_read_beside_a_text_what_it_belongs_to(format):
    address = "https://hub.example/e/1/"
    unit = Unit("abcdefgh12", "body", "<p>A</p>", "", True, "Who owns\nthe\u2028water?", "Text", address)
    page = write([unit], format, "en", "es").decode()
    for note in ("Who owns the water?", "Text", address, "HTML: translate the words and keep the tags."):
        assert note in page
    assert "HTML" not in write([TITLE], format, "en", "es").decode()


@each_xliff
def test_rich_text_is_escaped_html_in_one_unit(format):
    page = write([BODY], format, "en", "es").decode()
    assert page.count("<source") == 1
    assert "&lt;p&gt;Rain &amp;amp; &lt;strong&gt;wells&lt;/strong&gt;&lt;/p&gt;" in page
    assert ('datatype="html"' in page) == (format == "xliff1")


def test_an_xliff_1_is_as_its_standard_has_it():
    root = etree.fromstring(write([TITLE, BODY], "xliff1", "en", "es"))
    (file,) = root
    (body,) = file
    assert (root.tag, dict(root.attrib)) == (f"{NS1}xliff", {"version": "1.2"})
    assert (file.tag, file.get("source-language"), file.get("target-language")) == (f"{NS1}file", "en", "es")
    assert file.get("original") and file.get("datatype") == "plaintext" and body.tag == f"{NS1}body"
    for unit, name in zip(body, ["abcdefgh12/title", "abcdefgh12/body"], strict=True):
        assert (unit.tag, unit.get("id"), unit.get(SPACE)) == (f"{NS1}trans-unit", name, "preserve")
        assert [child.tag for child in unit if child.tag != f"{NS1}note"] == [f"{NS1}source", f"{NS1}target"]


def test_an_xliff_2_is_as_its_standard_has_it():
    unit = Unit("abcdefgh12", "title", "A", "B", title="Who owns the water?", state="stale")
    root = etree.fromstring(write([unit], "xliff2", "en", "es"))
    (file,) = root
    (element,) = file
    assert (root.tag, dict(root.attrib)) == (f"{NS2}xliff", {"version": "2.0", "srcLang": "en", "trgLang": "es"})
    assert (file.tag, file.get("id")) == (f"{NS2}file", "research-hub")
    assert (element.tag, element.get("id"), element.get(SPACE)) == (f"{NS2}unit", "abcdefgh12.title", "preserve")
    assert element.get("name") == "abcdefgh12/title"
    notes, segment = element
    assert (notes.tag, [note.tag for note in notes]) == (f"{NS2}notes", [f"{NS2}note"])
    assert segment.tag == f"{NS2}segment"
    assert [child.tag for child in segment] == [f"{NS2}source", f"{NS2}target"]


def test_a_long_text_stands_in_one_line_of_a_po_file():
    unit = Unit("abcdefgh12", "body", "<p>Rain and wells.</p>" * 50)
    assert f'msgid "{unit.source}"\n' in write([unit], "po", "en", "es").decode()


def test_without_notes_there_is_no_empty_place_for_them():
    assert b"<notes" not in write([TITLE], "xliff2", "en", "es")


@pytest.mark.parametrize(
    ("state", "xliff1", "approved", "xliff2", "fuzzy"),
    [
        ("draft", "needs-translation", "no", "initial", True),
        ("stale", "needs-translation", "no", "initial", True),
        ("unverified", "needs-review-translation", "no", "initial", True),
        ("suspicious", "needs-review-translation", "no", "initial", True),
        ("in_review", "translated", "no", "translated", False),
        ("current", "final", "yes", "final", False),
        ("not_needed", "final", "no", "final", False),
    ],
)
def test_a_state_is_told_in_the_words_of_each_standard(state, xliff1, approved, xliff2, fuzzy):
    units = [Unit("abcdefgh12", "title", "A", "B", state=state)]
    (one,) = etree.fromstring(write(units, "xliff1", "en", "es")).iter(f"{NS1}trans-unit")
    (two,) = etree.fromstring(write(units, "xliff2", "en", "es")).iter(f"{NS2}segment")
    (three,) = polib.pofile(write(units, "po", "en", "es").decode())
    assert (one.find(f"{NS1}target").get("state"), one.get("approved")) == (xliff1, approved)
    assert (two.get("state"), two.get("subState")) == (xliff2, f"research-hub:{state}")
    assert three.fuzzy == fuzzy


@each_format
def test_without_a_translation_nothing_says_that_there_is_one(format):
    units = [Unit("abcdefgh12", "title", "A", state="stale"), Unit("abcdefgh12", "body", "A", state="not_needed")]
    page = write(units, format, "en", "es").decode()
    assert "<target" not in page and "fuzzy" not in page and 'state="final"' not in page


@pytest.mark.parametrize("format", ["po", "xliff1"])
def test_translate_toolkit_finds_the_right_class_and_reads_the_same(format):
    units = [TITLE, BODY, Unit("abcdefgh12", "summary", ' two  spaces\n"and" \\ lines ', " dos\n ")]
    store = factory.getobject(io.BytesIO(write(units, format, "en", "es")))
    read_by_it = [(unit.source, unit.target) for unit in store.units if unit.source]
    assert read_by_it == [(unit.source, unit.target) for unit in units]


def test_translate_toolkit_reads_the_same_from_an_xliff_2():
    units = [TITLE, BODY, Unit("abcdefgh12", "summary", " two  spaces\nand lines ", " dos\n ")]
    store = Xliff2File.parsestring(write(units, "xliff2", "en", "es"))
    assert [(unit.getid(), unit.source, unit.target) for unit in store.units] == [
        (unit.name.replace("/", "."), unit.source, unit.target) for unit in units
    ]
    assert (store.sourcelanguage, store.targetlanguage) == ("en", "es")


@pytest.mark.parametrize(("format", "open_"), [("xliff1", factory.getobject), ("xliff2", Xliff2File.parsefile)])
def test_what_translate_toolkit_saves_can_be_taken_in(format, open_):
    store = open_(io.BytesIO(write([TITLE, OTHER], format, "en", "es")))
    store.units[1].target = "Otro  informe"
    assert texts(read(bytes(store)).units) == texts([TITLE]) + [("zyxwvtsr98", "title", "A report", "Otro  informe")]


# Files that other tools wrote

SEGMENTED_1 = """<?xml version="1.0"?>
<xliff version="1.2" xmlns="urn:oasis:names:tc:xliff:document:1.2" xmlns:t="urn:tool"><!-- saved by a tool -->
<file original="x" source-language="en-US" target-language="es-MX" datatype="html"><header><t:x/></header><body>
<group id="g"><trans-unit id="abcdefgh12/body" t:seen="1"><source>One. Two.</source>
<seg-source><mrk mtype="seg" mid="0">One.</mrk> <mrk mtype="seg" mid="1">Two.</mrk></seg-source>
<target xml:lang="es"
><mrk mtype="seg" mid="0">Uno.</mrk> <mrk mtype="seg" mid="1">D<mrk mtype="x-term">os</mrk>.</mrk></target>
<alt-trans><source>Three.</source><target>Tres.</target></alt-trans>
</trans-unit></group></body></file></xliff>"""

SEGMENTED_2 = """<xliff version="2.1" xmlns="urn:oasis:names:tc:xliff:document:2.0" srcLang="en" trgLang="es">
<file id="f"><group id="g"><unit id="u1" name="abcdefgh12/body">
<segment id="s1"><source>One.</source><target>Uno.</target></segment>
<ignorable><source> – </source></ignorable>
<segment id="s2"><source>T<mrk id="m" type="term">wo</mrk>.</source>
<target><sm id="n" type="term"/>Dos.<em startRef="n"/></target></segment>
</unit></group></file></xliff>"""


def test_sentences_that_a_tool_cut_are_joined_with_what_stands_between_them():
    assert texts(read(SEGMENTED_1.encode()).units) == [("abcdefgh12", "body", "One. Two.", "Uno. Dos.")]
    assert texts(read(SEGMENTED_2.encode()).units) == [("abcdefgh12", "body", "One. – Two.", "Uno. – Dos.")]


def test_sentences_are_joined_in_the_order_of_the_translation():
    swapped = SEGMENTED_2.replace("<target>U", '<target order="3">U').replace("<target><sm", '<target order="1"><sm')
    assert texts(read(swapped.encode()).units) == [("abcdefgh12", "body", "One. – Two.", "Dos. – Uno.")]


@pytest.mark.parametrize(
    "data",
    [
        SEGMENTED_1.replace("Uno.", " "),
        SEGMENTED_2.replace("<target>Uno.</target>", ""),
        SEGMENTED_2.replace("<target>Uno.</target>", "<target/>"),
    ],
)
def test_a_text_of_which_a_sentence_is_not_translated_counts_as_not_translated(data):
    assert read(data.encode()) == Package("en", "es", [], 1)


def test_a_unit_that_a_tool_numbered_anew_is_known_by_its_other_name():
    data = write([TITLE], "xliff1", "en", "es").replace(b' id="abcdefgh12/title"', b' id="1"')
    assert texts(read(data).units) == texts([TITLE])


@each_xliff
@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-be", "utf-16-le", "utf-8-sig"])
def test_xliff_in_another_encoding_of_unicode_is_read(format, encoding):
    page = write([TITLE], format, "en", "es").decode().replace("<?xml version='1.0' encoding='UTF-8'?>\n", "")
    mark = "\ufeff" if encoding in ("utf-16-be", "utf-16-le") else ""
    assert texts(read((mark + page).encode(encoding)).units) == texts([TITLE])


@each_format
def test_windows_line_ends_and_a_byte_order_mark_change_no_text(format):
    units = [TITLE, Unit("abcdefgh12", "body", "One\nTwo", "Uno\nDos")]
    data = write(units, format, "en", "es").replace(b"\n", b"\r\n")
    assert texts(read(b"\xef\xbb\xbf" + data).units) == texts(units)


def test_a_comment_or_cdata_within_a_text_changes_nothing():
    data = write([TITLE], "xliff1", "en", "es").replace(b"owns", b"<!-- so --><![CDATA[ow]]>ns<?x y?>")
    assert texts(read(data).units) == texts([TITLE])


OTHER_PO = """# Spanish translation
# Somebody
msgid ""
msgstr ""
"Project-Id-Version: another\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Language: es_MX\\n"
"X-Generator: A tool 3.4\\n"

# a word of the translator
#: somewhere:12
#, fuzzy, c-format
#| msgid "Who owned the water?"
  msgctxt "abcdefgh12/title"
msgid "Who owns "
"the water?"
msgstr ""
"¿De quién "
"es el agua?"

#~ msgctxt "abcdefgh12/summary"
#~ msgid "Gone"
#~ msgstr "Ido"
#~| msgid "Before"
#.
"""


def test_a_po_file_with_the_headers_and_the_folding_of_another_tool_is_read():
    package = read(OTHER_PO.encode())
    assert (package.source_language, package.target_language, package.untranslated) == ("en", "es", 0)
    assert texts(package.units) == texts([TITLE])
    assert texts(read(OTHER_PO.replace("\n", "\r").encode()).units) == texts([TITLE])


def test_the_last_text_of_a_po_file_counts_though_an_empty_comment_follows():
    data = write([TITLE, OTHER], "po", "en", "es") + b"#.\n"
    assert len(polib.pofile(data.decode())) == 1  # what polib alone makes of it
    assert texts(read(data).units) == texts([TITLE, OTHER])


def test_a_po_file_is_a_text_and_never_a_path(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    path = 'msgid "a"'
    (tmp_path / path).write_bytes(write([TITLE], "po", "en", "es"))
    assert len(polib.pofile(path)) == 1  # what polib alone makes of it
    assert refused(path).message.startswith("The file was cut off")


# What is refused


@pytest.mark.parametrize(
    "data", [b"", b" \n", b"PK\x03\x04\x14\0", "Estimada Ana:\n\nVa la traducción.", b"\xff\xfe\0"]
)
def test_a_file_that_is_neither_po_nor_xliff_is_refused(data):
    error = refused(data)
    assert error.message.startswith("This is neither a PO nor an XLIFF file.")
    assert error.faults == [(None, error.message)]


@pytest.mark.parametrize(
    ("data", "line", "words"),
    [
        ("<html><p>Hola</p></html>", 1, "This XML is not XLIFF."),
        ('\n\n<xliff version="3.0"/>', 3, "This version of XLIFF is not known."),
        ("<xliff/>", 1, "This version of XLIFF is not known."),
        ('<xliff version="1.2"\n><file>\n</xliff>', 3, "The file is damaged or was cut off here."),
        ('<xliff version="1.2">\n\n&nbsp;</xliff>', 3, "The file is damaged"),
        ('<xliff version="1.2">\n\0</xliff>', 2, "The file is damaged"),
        (b'<xliff version="1.2">\n\n\xe1</xliff>', 3, "The letters here are not in UTF-8."),
        ('<?xml version="1.0" encoding="x-none"?><xliff/>', 1, "The letters here are not in UTF-8."),
        (b'msgid ""\nmsgstr ""\n"Language: es\\n"\n"X: a\xf1o\\n"\n', 4, "The letters here are not in UTF-8."),
        (b'msgid ""\nmsgstr "\0"\n', 2, "The letters here are not in UTF-8."),
        ('msgid ""\nmsgstr "Language: es\\n"\n'.encode("utf-16"), 1, "The letters here are not in UTF-8."),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_line(data, line, words):
    error = refused(data)
    assert error.line == line
    assert error.message.startswith(words)


@each_xliff
def test_xliff_cut_off_anywhere_is_refused(format):
    data = write([TITLE, BODY, OTHER], format, "en", "es").rstrip()
    last = data.count(b"\n") + 1
    for end in range(len(data)):
        line = refused(data[:end]).line
        assert line is None or line <= last


def test_a_po_file_cut_off_within_a_text_is_refused_and_between_texts_brings_what_it_has():
    units = [TITLE, BODY, OTHER]
    data = write(units, "po", "en", "es")
    outcomes = []
    for end in range(len(data)):
        try:
            outcomes.append(texts(read(data[:end]).units))
        except ExchangeError:
            outcomes.append(None)
    assert all(outcome in (None, texts(units[:1]), texts(units[:2]), texts(units)) for outcome in outcomes)
    assert outcomes[data.index(b"Who owns") + 3] is None and outcomes[data.index(b"Un informe") + 4] is None


def test_each_broken_line_of_a_po_file_is_told():
    broken = OTHER_PO.replace('"the water?"', '"the "water"?"').replace('"es el agua?"', '"es el agua?') + "Saludos\n"
    for line_end in ("\n", "\r\n", "\r"):
        error = refused(broken.replace("\n", line_end))
        assert [line for line, _message in error.faults] == [16, 19, 26]
        assert error.line == 16 and error.message == error.faults[0][1]


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ('msgstr ""\n"¿De', '"¿De', 20),
        ('msgctxt "abcdefgh12/title"\n', 'msgctxt "abcdefgh12/title"\nmsgctxt "abcdefgh12/title"\n', 15),
        ("# a word", "#| ", 10),
    ],
)
def test_lines_of_a_po_file_in_the_wrong_order_are_refused(old, new, line):
    assert old in OTHER_PO
    error = refused(OTHER_PO.replace(old, new))
    assert error.line == line
    assert error.message.startswith("This line is not as in a PO file.")


@pytest.mark.parametrize("format", FORMATS)
def test_a_text_that_is_not_ours_is_refused_with_its_name_and_line(format):
    data = write([TITLE, Unit("menu", "File", "Open", "Abrir"), OTHER], format, "en", "es")
    error = refused(data)
    (fault,) = error.faults
    assert "menu" in error.message and "is no text of this site" in error.message
    assert b"menu" in b"".join(data.split(b"\n")[fault[0] - 1 :][:2])


@each_format
def test_a_file_without_any_text_of_ours_is_refused_in_one_sentence(format):
    error = refused(write([Unit("menu", str(n), "Open", "Abrir") for n in range(3)], format, "en", "es"))
    assert error.faults == [(None, "The file holds no text of this site. Choose one that was downloaded here.")]
    assert refused(write([], format, "en", "es")).faults == error.faults


@each_format
def test_a_text_that_is_there_twice_is_refused_with_both_lines(format):
    data = write([TITLE, OTHER, TITLE], format, "en", "es")
    once = read(write([TITLE, OTHER], format, "en", "es")).units
    error = refused(data)
    assert error.line > once[1].line
    assert error.message.startswith(f"“abcdefgh12/title” is in the file twice, first in line {once[0].line}.")
    assert "twice" in refused(data.replace(b"\n", b" ") if format != "po" else data).message


@pytest.mark.parametrize(
    ("data", "line"),
    [
        (SEGMENTED_1.replace(' target-language="es-MX"', ""), 3),
        (SEGMENTED_1.replace(' source-language="en-US"', ""), 3),
        (SEGMENTED_1.replace("es-MX", "fr"), 3),
        (SEGMENTED_1.replace("es-MX", "en-GB"), 3),
        (SEGMENTED_2.replace(' trgLang="es"', ""), 1),
        (SEGMENTED_2.replace('srcLang="en"', 'srcLang="es"'), 1),
        (OTHER_PO.replace('"Language: es_MX\\n"\n', ""), None),
        (OTHER_PO.replace("es_MX", "fr"), None),
        (OTHER_PO.replace("X-Generator: A tool", "X-Source-Language: es"), None),
    ],
)
def test_a_file_that_does_not_go_from_one_of_our_languages_to_the_other_is_refused(data, line):
    error = refused(data)
    assert error.line == line
    assert error.message.startswith("The file has to say whether it goes from English to Spanish")


def test_languages_that_change_within_a_file_are_refused():
    files = [
        f'<file original="x" source-language="{source}" target-language="{target}" datatype="plaintext"><body/></file>'
        for source, target in (("en", "es"), ("en-US", "es-419"), ("es", "en"))
    ]
    page = '<xliff version="1.2">\n{}\n</xliff>'
    assert refused(page.format("\n".join(files[:2]))).message.startswith("The file holds no text of this site.")
    error = refused(page.format("\n".join(files)))
    assert error.message.startswith("The languages change here.")
    assert error.line == 4


@pytest.mark.parametrize(
    "data",
    [
        SEGMENTED_1.replace('xml:lang="es"', 'xml:lang="fr"'),
        SEGMENTED_2.replace("<source>One", '<source xml:lang="es">One'),
    ],
)
def test_a_text_marked_as_being_in_another_language_is_refused(data):
    assert refused(data).message.startswith("The text here says that it is in another language")


@pytest.mark.parametrize(
    "tag", ['<g id="1">el</g>', '<x id="1"/>', '<ph id="1">&lt;b&gt;</ph>', '<t:y xmlns:t="urn:t"/>']
)
@each_xliff
def test_tags_of_a_tool_within_a_text_are_refused_rather_than_lost(format, tag):
    data = write([TITLE, OTHER], format, "en", "es").replace(b"Un inf", f"Un {tag} inf".encode())
    error = refused(data)
    assert error.message.startswith("The text here holds tags of a tool (")
    assert error.line == read(write([TITLE, OTHER], format, "en", "es")).units[1].line


@pytest.mark.parametrize("written", ["\\v", "\\b", "\x01", "\x7f\x1f"])
def test_a_control_character_in_a_po_file_is_refused(written):
    assert "control character" in refused(OTHER_PO.replace("quién", f"qui{written}én")).message


def test_plural_forms_are_refused():
    old, new = 'msgstr ""\n"¿De quién "\n"es el agua?"', 'msgid_plural "x"\nmsgstr[0] "a"\nmsgstr[1] "b"'
    assert "plural" in refused(OTHER_PO.replace(old, new)).message


@each_format
def test_all_that_is_wrong_with_the_texts_is_told_at_once(format):
    units = [TITLE, Unit("menu", "a", "A", "B"), OTHER, TITLE, Unit("menu", "b", "A", "B")]
    faults = refused(write(units, format, "en", "es")).faults
    assert ["twice" in message for _line, message in faults] == [False, True, False]
    assert [line for line, _message in faults] == sorted({line for line, _message in faults})


# Hostile files


@pytest.mark.parametrize(
    "data",
    [
        "Saludos\n" * 1_000 + OTHER_PO,
        write([TITLE] + [Unit("menu", str(n), "Open", "Abrir") for n in range(1_000)], "xliff2", "en", "es"),
    ],
)
def test_of_very_many_faults_the_first_hundred_are_told(data):
    assert len(refused(data).faults) == 100


def test_a_file_that_is_too_large_is_refused_unread(monkeypatch):
    data = write([TITLE], "po", "en", "es")
    monkeypatch.setattr(exchange, "MAX_BYTES", len(data))
    assert read(data).units
    assert refused(data + b"\n").message == f"The file is larger than {len(data)}\xa0bytes. Send it in parts."


@pytest.mark.parametrize(
    "doctype",
    [
        "<!DOCTYPE xliff>",
        '<!DOCTYPE xliff [<!ENTITY a "Who">]>',
        '<!DOCTYPE xliff SYSTEM "{path}">',
        '<!DOCTYPE xliff [<!ENTITY % x SYSTEM "{path}">%x;]>',
        '<!DOCTYPE xliff [<!ENTITY a SYSTEM "{path}">]>',
    ],
)
@each_xliff
def test_a_doctype_is_refused_and_what_it_names_is_not_opened(format, doctype, tmp_path):
    trap = tmp_path / "trap.dtd"
    trap.write_text("this is no DTD, so opening it would be another fault")
    page = write([TITLE], format, "en", "es").decode().replace("<xliff", f"{doctype.format(path=trap.as_uri())}<xliff")
    error = refused(page.replace("Who owns", "&a; owns") if "ENTITY a" in page else page)
    assert error.message.startswith("The file has a DOCTYPE")


def test_entities_that_multiply_are_refused_before_they_do():
    levels = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
    bomb = f'<!DOCTYPE xliff [<!ENTITY a0 "aaaaaaaaaa">{levels}]><xliff version="1.2" a="&a11;">&a11;</xliff>'
    began = time.monotonic()
    refused(bomb)
    assert time.monotonic() - began < 1


def test_nesting_too_deep_is_refused():
    page = f'<xliff version="1.2">{"<group>" * 1_000}{"</group>" * 1_000}</xliff>'
    assert refused(page).message.startswith("The file is damaged")


def test_a_text_in_too_many_lines_is_refused_and_many_texts_are_not():
    lines = OTHER_PO.replace('"es el agua?"', '"a"\n' * po.MAX_LINES).split("\n")
    error = refused("\n".join(lines))
    assert error.message.startswith("The text here has too many lines.")
    assert error.line == lines.index('msgstr ""', 10) + 1 + po.MAX_LINES
    units = [Unit(f"abcdef{n:04}", "title", "One\nTwo\nThree", "Uno\nDos\nTres") for n in range(1_500)]
    assert len(read(write(units, "po", "en", "es")).units) == 1_500
