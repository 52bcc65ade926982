"""The shape of the house: who may import whom (docs/decisions/0001-house.md), and what must stand in it."""

import ast
import logging
import os
import re
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command

ROOT = Path(settings.BASE_DIR)

# From the ground up: a floor imports only from those before it.
FLOORS = [
    "research_hub.languages",
    "research_hub.activity",
    "research_hub.media",
    "research_hub.editorial",
    "research_hub.accounts",
    "research_hub.translation",
    "topics",
    "publications",
    "events",
    "research_hub.finding",
    "research_hub.importing",
    "research_hub.archive",
    "research_hub",
]

TOP_LEVEL = {
    "manage.py", "pyproject.toml", "research_hub", "topics", "publications", "events", "templates", "tests",
    "README.md", "SECURITY.md", "CHANGELOG.md", "CONTRIBUTING.md", "LICENSE", "Makefile", "docs", ".ci", ".gitignore",
}  # fmt: skip


def floor_of(module: str) -> str | None:
    """The longest floor that the module stands on."""
    found = [floor for floor in FLOORS if module == floor or module.startswith(f"{floor}.")]
    return max(found, key=len, default=None)


def modules():
    for path in sorted(ROOT.glob("[a-z]*/**/*.py")):
        module = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        if floor_of(module):
            yield module, path


def imports(module: str, path: Path):
    package = module if path.name == "__init__.py" else module.rpartition(".")[0]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package.rsplit(".", node.level - 1)[0] if node.level else ""
            yield ".".join(filter(None, [base, node.module])), node


def test_imports_point_one_way():
    wrong = []
    for module, path in modules():
        own = floor_of(module)
        for target, node in imports(module, path):
            floor = floor_of(target)
            if floor and FLOORS.index(floor) > FLOORS.index(own):
                wrong.append(f"{path.relative_to(ROOT)}:{node.lineno} {own} imports {target}")
    assert wrong == []


def test_no_import_hides_in_a_function():
    hidden = []
    for _module, path in modules():
        for function in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(function, ast.FunctionDef):
                hidden += [
                    f"{path.relative_to(ROOT)}:{node.lineno}"
                    for node in ast.walk(function)
                    if isinstance(node, ast.Import | ast.ImportFrom)
                ]
    assert hidden == []


ASKS_WHAT_THE_OPERATOR_NAMED = {"research_hub/activity/purging.py", "research_hub/deploy/answers.py"}


def test_nothing_fetches_an_address_while_the_site_runs():
    """So no address that somebody gives can make the server ask another one: only what the operator named is asked."""
    clients = {"requests", "httpx", "aiohttp", "urllib3", "urllib.request", "http.client", "ftplib"}
    asks = {
        str(path.relative_to(ROOT))
        for module, path in modules()
        for target, _node in imports(module, path)
        if target in clients
    }
    assert asks == ASKS_WHAT_THE_OPERATOR_NAMED


def test_no_text_becomes_code_or_a_command():
    """Neither Python, nor an object of Python, nor a line for a shell."""
    wrong = []
    for module, path in modules():
        kept = {"pickle", "marshal", "shelve", "yaml"} & {target for target, _node in imports(module, path)}
        calls = [node for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.Call)]
        run = {getattr(call.func, "id", "") for call in calls} & {"eval", "exec"}
        run |= {getattr(call.func, "attr", "") for call in calls} & {"system", "popen"}
        run |= {keyword.arg for call in calls for keyword in call.keywords} & {"shell"}
        wrong += [f"{path.relative_to(ROOT)}: {what}" for what in kept | run]
    assert wrong == []


CATALOGUE = {"_", "gettext", "gettext_lazy", "path_to", "SQL"}  # what gives a text of the code, or of its catalogue
CHOSEN_ABOVE = {("research_hub/settings.py", "_cookie"), ("publications/styles.py", "form")}  # out of two constants


def formats(path: Path):
    """The texts whose braces are filled in, wherever a program does it with what looks into objects."""
    for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(call, ast.Call):
            name = getattr(call.func, "id", "") or getattr(call.func, "attr", "")
            if name in ("format", "format_map", "vformat") and isinstance(call.func, ast.Attribute):
                yield call.func.value
            elif name in ("format_html", "format_lazy"):
                yield call.args[0]
            elif name == "format_html_join":
                yield call.args[1]


def is_of_the_code(text: ast.expr) -> bool:
    match text:
        case ast.Constant() | ast.Call(func=ast.Name(id="super")) | ast.Attribute(value=ast.Name(id="wording")):
            return True
        case ast.Name(id=name):
            return name.isupper()
        case ast.IfExp(body=one, orelse=other):
            return is_of_the_code(one) and is_of_the_code(other)
        case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name), args=[first, *_more]):
            return name in CATALOGUE and (name == "path_to" or is_of_the_code(first))
    return False


def test_no_text_of_somebody_is_a_format():
    """Braces in it would read the attributes of objects: "{entry.created_by.password}"."""
    found = [(str(path.relative_to(ROOT)), text) for _module, path in modules() for text in formats(path)]
    assert len(found) > 40
    wrong = [(path, ast.unparse(text)) for path, text in found if not is_of_the_code(text)]
    assert set(wrong) == CHOSEN_ABOVE


def test_no_script_of_ours_merges_objects_or_makes_code():
    makes = re.compile(r"Object\.assign|__proto__|\beval\(|new Function|document\.write")
    scripts = sorted(ROOT.glob("research_hub/static/**/*.js"))
    assert len(scripts) > 8
    assert [path.name for path in scripts if makes.search(path.read_text(encoding="utf-8"))] == []


def test_there_are_no_drawers_for_everything_and_no_signals():
    names = {"utils.py", "helpers.py", "services.py", "signals.py", "common.py", "misc.py"}
    assert [path for _module, path in modules() if path.name in names] == []


def test_the_top_level_is_what_it_was():
    kept = {path.name for path in ROOT.iterdir()} - {".git", ".venv", "var", "__pycache__"}
    kept -= {name for name in kept if name.startswith(".") and name.endswith("_cache")} | {".hypothesis"}
    assert kept == TOP_LEVEL


@pytest.mark.django_db
def test_no_migration_is_missing():
    call_command("makemigrations", check=True, dry_run=True, stdout=StringIO())


def settings_that_are_read():
    source = ast.parse((ROOT / "research_hub/settings.py").read_text(encoding="utf-8"))
    return {
        node.args[0].value
        for node in ast.walk(source)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id == "env"
        and node.args
    }


def test_what_few_processes_need_is_not_in_the_memory_of_all():
    """A site that has only started has nothing of the parsers of imports, of drawing codes, of an object store."""
    rare = {"bibtexparser", "boto3", "cryptography", "lxml", "openpyxl", "pylatexenc", "qrcode", "rapidfuzz", "rispy"}
    started = "import sys; from research_hub.wsgi import application; from django.urls import get_resolver as r"
    code = f"{started}; r().reverse_dict; print(sorted({rare} & set(sys.modules)))"
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "tests.settings"}
    told = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True)
    assert (told.stdout.strip(), told.returncode) == ("[]", 0), told.stderr


def test_every_setting_of_the_environment_is_documented_and_no_other():
    rows = [line for line in (ROOT / "docs/settings.md").read_text(encoding="utf-8").splitlines() if line[:3] == "| `"]
    documented = {name for row in rows for name in re.findall(r"`(\w+)`", row.split("|")[1])}
    server = (ROOT / "research_hub/deploy/gunicorn.py").read_text(encoding="utf-8")
    assert documented == settings_that_are_read() | set(re.findall(r'environ\.get\("(\w+)"', server))


def test_a_test_file_is_never_left_out():
    folders = {path.parent for path in (ROOT / "tests").rglob("test_*.py")}
    assert [folder for folder in folders if not (folder / "__init__.py").exists()] == []


def test_a_traceback_reaches_the_servers_log():
    assert settings.LOGGING["root"]["handlers"] == ["console"]
    assert logging.getLogger("django.request").propagate and logging.getLogger("django").propagate
