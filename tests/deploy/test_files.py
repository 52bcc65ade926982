"""What an operator installs from research_hub/deploy is whole: units, images, and what nginx and gunicorn read."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.servers import DEPLOY, ROOT, find, need, nginx_site

UNITS = sorted((DEPLOY / "systemd").iterdir())
INSTALLED = "/opt/research-hub"


def test_systemd_takes_the_units(tmp_path):
    need("systemd-analyze")
    for unit in UNITS:
        here = unit.read_text().replace(f"{INSTALLED}/.venv/bin", str(Path(sys.executable).parent))
        (tmp_path / unit.name).write_text(here.replace(INSTALLED, str(ROOT)))
    files = [str(tmp_path / unit.name) for unit in UNITS]
    done = subprocess.run(["systemd-analyze", "verify", *files], capture_output=True, text=True, check=False)
    told = [line for line in done.stderr.splitlines() if "research-hub" in line]
    assert told == []


def test_each_timer_starts_a_unit_and_each_command_is_one_of_ours():
    names = {unit.name for unit in UNITS}
    for timer in (unit for unit in UNITS if unit.suffix == ".timer"):
        assert timer.with_suffix(".service").name in names
    for unit in (unit for unit in UNITS if unit.suffix == ".service"):
        (command,) = re.findall(r"^ExecStart=(.*)$", unit.read_text(), re.M)
        program, *arguments = shlex.split(command)
        assert program.startswith(f"{INSTALLED}/.venv/bin/")
        if "manage.py" in arguments:
            assert is_a_command(arguments[1]), command
        else:
            assert (ROOT / arguments[arguments.index("-c") + 1]).exists(), command
        assert "User=research-hub" in unit.read_text() and "ProtectSystem=strict" in unit.read_text()


def test_the_workers_add_up_what_they_count_in_a_folder_that_goes_with_them():
    unit = (DEPLOY / "systemd/research-hub.service").read_text()
    (folder,) = re.findall(r"^RuntimeDirectory=(\S+)$", unit, re.M)
    assert f"\nEnvironment=PROMETHEUS_MULTIPROC_DIR=%t/{folder}\n" in unit
    assert f"/run/{folder}/" not in (DEPLOY / "systemd/research-hub.socket").read_text()  # which stays open meanwhile
    app = compose()["services"]["app"]
    assert app["environment"]["PROMETHEUS_MULTIPROC_DIR"] in app["tmpfs"]


def is_a_command(name: str) -> bool:
    return any(ROOT.glob(f"research_hub/**/management/commands/{name}.py")) or name == "migrate"


def test_gunicorn_takes_its_configuration():
    command = [sys.executable, "-m", "gunicorn", "-c", str(DEPLOY / "gunicorn.py"), "--print-config"]
    told = subprocess.run([*command, "tests.deploy.test_files:nothing"], capture_output=True, text=True, check=True)
    settings = dict(re.findall(r"^(\w+)\s+= (.*)$", told.stdout, re.M))
    assert settings["preload_app"] == "True"
    assert settings["control_socket_disable"] == "True"
    assert int(settings["keepalive"]) > 60  # as long as nginx keeps a connection to it
    assert int(settings["max_requests_jitter"]) > 0


def nothing(environ, start_response):
    raise NotImplementedError


def test_every_name_of_the_template_is_explained_and_known_to_the_image():
    template = (DEPLOY / "nginx.conf.template").read_text()
    names = set(re.findall(r"\$\{([A-Z_]+)\}", template))
    header = template.partition("\nupstream")[0]
    assert {name for name in names if name not in header} == set()
    assert {name for name in names if f"${{{name}}}" not in (DEPLOY / "start-nginx").read_text()} == set()
    environment = (DEPLOY / "Containerfile").read_text().partition("AS proxy")[2]
    assert {name for name in names if f"{name}=" not in environment} == set()
    with pytest.raises(ValueError, match="not filled in"):
        nginx_site({"SERVER_NAME": "hub.example"})


def test_envsubst_fills_the_template_in_as_the_tests_do():
    if find("envsubst") is None:
        pytest.skip("there is no program named envsubst (Debian: apt install gettext-base)")
    names = re.findall(r"\$\{[A-Z_]+\}", (DEPLOY / "start-nginx").read_text())
    values = {name[2:-1]: f"value-of-{name[2:-1].lower()}" for name in names}
    template = (DEPLOY / "nginx.conf.template").read_text()
    done = subprocess.run(
        ["envsubst", " ".join(names)], input=template, env=values | {"PATH": "/usr/bin"}, capture_output=True, text=True
    )
    assert done.stdout == nginx_site(values)


# The Containerfile


def stages() -> dict[str, list[tuple[str, str]]]:
    """The instructions of each stage, with their continuation lines joined and comments left out."""
    text = "\n".join(
        line for line in (DEPLOY / "Containerfile").read_text().splitlines() if not line.lstrip().startswith("#")
    )
    found: dict[str, list[tuple[str, str]]] = {}
    for line in re.sub(r"\\\n\s*", " ", text).splitlines():
        if not line.strip():
            continue
        instruction, _, rest = line.partition(" ")
        assert instruction in KNOWN, line
        if instruction == "FROM":
            image, _as, name = rest.partition(" AS ")
            found[name] = [("FROM", image)]
        else:
            found[name].append((instruction, rest.strip()))
    return found


KNOWN = {"FROM", "ENV", "RUN", "WORKDIR", "COPY", "USER", "VOLUME", "EXPOSE", "HEALTHCHECK", "CMD"}


def test_the_images_are_built_from_pinned_ones_and_run_as_nobody_special():
    for name, instructions in stages().items():
        given = dict(instructions)
        assert re.fullmatch(r"docker\.io/library/\w+:\d+\.\d+(\.\d+)?-slim(-\w+)?", given["FROM"]), name
        assert given["USER"] not in ("root", "0"), name
        assert "HEALTHCHECK" in given and given["CMD"].startswith("["), name
        after_user = [word for word, _rest in instructions[instructions.index(("USER", given["USER"])) :]]
        assert "RUN" not in after_user and "COPY" not in after_user
    assert "--require-hashes" in (DEPLOY / "Containerfile").read_text()


def test_what_the_images_copy_is_there_and_no_more_than_the_site_needs():
    for instructions in stages().values():
        for word, rest in instructions:
            if word == "COPY" and "--from" not in rest:
                for source in rest.split()[:-1]:
                    assert (ROOT / source).exists(), source
                    assert source not in (".", "tests", "docs")


# The compose file


def compose() -> dict:
    return yaml.safe_load((DEPLOY / "compose.yaml").read_text())


def test_the_compose_file_hangs_together():
    told = compose()
    services = told["services"]
    for name, service in services.items():
        assert re.fullmatch(r"research-hub(-nginx)?|docker\.io/library/\w+:\d+\.\d+(\.\d+)?-\w+", service["image"]), (
            name
        )
        for other, condition in service.get("depends_on", {}).items():
            assert other in services
            if condition["condition"] == "service_healthy":
                assert "healthcheck" in services[other] or services[other]["build"]["target"] in stages()
        for volume in service.get("volumes", []):
            source = volume.partition(":")[0]
            assert source in told["volumes"] or source.startswith("./"), volume
        assert not service.get("privileged")
    assert [name for name, service in services.items() if "ports" in service] == ["nginx"]


def test_the_commands_of_the_compose_file_are_ours():
    for service in compose()["services"].values():
        words = " ".join(service.get("command", []))
        for name in re.findall(r"manage\.py (\w+)", words):
            assert is_a_command(name), name


def test_the_settings_of_the_compose_file_are_documented():
    documented = (ROOT / "docs/settings.md").read_text() + (ROOT / "docs/operators.md").read_text()
    for name in compose()["services"]["app"]["environment"]:
        assert f"`{name}`" in documented, name
