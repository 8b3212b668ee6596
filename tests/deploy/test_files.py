"""What stands in Dockerfile, compose.yaml and deploy/ fits the product: commands, settings and figures."""

import argparse
import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
import yaml

from assetlib.app import create_app
from assetlib.cli import NOUNS
from assetlib.house import House, open_house
from assetlib.logs import PATHS_WITH_A_TOKEN
from assetlib.noted import note_backup
from assetlib.settings import KNOWN_VARIABLES, Settings
from tests.conventions.sources import ROOT

UNITS = sorted((ROOT / "deploy" / "systemd").glob("*.service"))
TIMERS = sorted((ROOT / "deploy" / "systemd").glob("*.timer"))
TOKEN = "a-token-of-thirty-two-characters-or-more"


def must_be_command(words: list[str]) -> None:
    """Fails when our own commands would not take these words."""
    noun, *rest = words
    assert noun in NOUNS, f"there is no command {noun}"
    parser = argparse.ArgumentParser(prog=noun, exit_on_error=False)
    import_module(f"assetlib.cli.{noun}").add_to(parser)
    assert callable(parser.parse_args(rest).run)


def must_be_settings(names: list[str]) -> None:
    unknown = [name for name in names if {name, name.removesuffix("_FILE")}.isdisjoint(KNOWN_VARIABLES)]
    assert unknown == []


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    read: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text())
    return read


@pytest.fixture(scope="module")
def secrets(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that make-secrets fills, run a second time too."""
    folder = tmp_path_factory.mktemp("compose")
    shutil.copy(ROOT / "deploy" / "compose" / "make-secrets", folder)
    subprocess.run([folder / "make-secrets"], check=True, capture_output=True)
    made = {path.name: path.read_bytes() for path in (folder / "secrets").iterdir()}
    subprocess.run([folder / "make-secrets"], check=True, capture_output=True)
    assert {path.name: path.read_bytes() for path in (folder / "secrets").iterdir()} == made
    return folder / "secrets"


def test_the_commands_of_the_services_are_ours(compose: dict[str, Any]) -> None:
    ours = {name: each for name, each in compose["services"].items() if each["image"] == "assetlib"}
    assert set(ours) == {"migrate", "web", "worker"}
    for each in ours.values():
        must_be_command(each["command"])
        assert each["read_only"]
        assert each["user"] not in ("0", "root")
        assert each["cap_drop"] == ["ALL"]


def test_whoever_serves_waits_for_the_tables_and_those_for_the_servers(compose: dict[str, Any]) -> None:
    services = compose["services"]
    for name in ("web", "worker"):
        assert services[name]["depends_on"] == {"migrate": {"condition": "service_completed_successfully"}}
    assert services["migrate"]["depends_on"]["postgres"] == {"condition": "service_healthy"}
    assert {"postgres", "s3"} <= {
        name for name, each in services.items() if "test" in each.get("healthcheck", {})
    }


def test_the_settings_of_the_services_are_taken_with_the_secrets_that_are_made(
    compose: dict[str, Any], secrets: Path
) -> None:
    given = compose["services"]["web"]["environment"]
    must_be_settings(list(given))
    filled = {name: re.sub(r"\$\{\w+:-(.*)\}", r"\1", str(value)) for name, value in given.items()}
    here = {name: value.replace("/run/secrets", str(secrets)) for name, value in filled.items()}
    settings = Settings.from_env(here)
    assert settings.store_kind == "s3"
    assert len(settings.secret_key) == 64
    assert settings.database_url.endswith("@postgres:5432/assetlib")
    (identity,) = json.loads((secrets / "s3_identities").read_text())["identities"]
    (credentials,) = identity["credentials"]
    assert credentials == {"accessKey": settings.s3_access_key, "secretKey": settings.s3_secret_key}


def test_every_secret_is_made_and_none_is_kept_in_the_checkout(
    compose: dict[str, Any], secrets: Path
) -> None:
    named = {Path(each["file"]).name for each in compose["secrets"].values()}
    assert named == {path.name for path in secrets.iterdir()}
    assert (ROOT / "deploy" / "compose" / ".gitignore").read_text() == "secrets/\n"


def test_docker_reads_the_compose_file(secrets: Path, tmp_path: Path) -> None:
    docker = shutil.which("docker")
    if docker is None or subprocess.run([docker, "compose", "version"], capture_output=True).returncode:
        pytest.skip("docker compose is not installed here")
    done = subprocess.run([docker, "compose", "config", "-q"], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_what_the_image_is_made_of_is_there_and_its_command_is_ours() -> None:
    lines = (ROOT / "Dockerfile").read_text().splitlines()
    copied = [line.split()[1:-1] for line in lines if line.startswith("COPY ") and "--from" not in line]
    assert [path for paths in copied for path in paths if not (ROOT / path).exists()] == []
    (entry,) = [line for line in lines if line.startswith("ENTRYPOINT ")]
    assert json.loads(entry.removeprefix("ENTRYPOINT ")) == ["assetlib"]
    (words,) = [line for line in lines if line.startswith("CMD ")]
    must_be_command(json.loads(words.removeprefix("CMD ")))
    must_be_settings(re.findall(r"ASSETLIB_[A-Z_]+", "\n".join(lines)))
    users = [line.split()[1] for line in lines if line.startswith("USER ")]
    assert users == ["assetlib"]
    ignored = (ROOT / ".dockerignore").read_text().splitlines()
    assert {path.split("/")[0] for paths in copied for path in paths}.isdisjoint(ignored)


@pytest.mark.parametrize("unit", UNITS, ids=lambda path: path.name)
def test_a_unit_starts_a_command_of_ours(unit: Path) -> None:
    (start,) = re.findall(r"^ExecStart=/opt/assetlib/bin/assetlib (.*)$", unit.read_text(), re.MULTILINE)
    must_be_command(start.split())
    must_be_settings(re.findall(r"ASSETLIB_[A-Z_]+", unit.read_text()))


def test_what_is_no_secret_is_taken_as_settings() -> None:
    lines = (ROOT / "deploy" / "systemd" / "assetlib.env").read_text().splitlines()
    Settings.from_env(dict(line.split("=", 1) for line in lines if line and not line.startswith("#")))


def test_systemd_finds_no_fault_in_the_units(tmp_path: Path) -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd is not installed here")
    program = shutil.which("true")
    for path in (*UNITS, *TIMERS):
        # The program is not where it will be; all else is read as it stands.
        (tmp_path / path.name).write_text(
            path.read_text().replace("/opt/assetlib/bin/assetlib", str(program))
        )
    files = [str(tmp_path / path.name) for path in (*UNITS, *TIMERS)]
    done = subprocess.run(["systemd-analyze", "verify", "--man=no", *files], capture_output=True, text=True)
    assert (done.returncode, [line for line in done.stderr.splitlines() if "assetlib" in line]) == (0, [])


def test_nginx_reads_its_file(tmp_path: Path) -> None:
    nginx = shutil.which("nginx")
    if nginx is None:
        pytest.skip("nginx is not installed here")
    names = ["-nodes", "-days", "1", "-subj", "/CN=assets.example"]
    made = ["-keyout", str(tmp_path / "privkey.pem"), "-out", str(tmp_path / "fullchain.pem")]
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", *names, *made], check=True, capture_output=True
    )
    own = (ROOT / "deploy" / "nginx" / "assetlib.conf").read_text()
    (tmp_path / "assetlib.conf").write_text(
        own.replace("/etc/ssl/assetlib", str(tmp_path)).replace("/var/log/nginx", str(tmp_path))
    )
    (tmp_path / "nginx.conf").write_text(f"events {{}}\nhttp {{ include {tmp_path}/assetlib.conf; }}\n")
    test = [
        nginx,
        "-t",
        "-e",
        "stderr",
        "-p",
        str(tmp_path),
        "-c",
        str(tmp_path / "nginx.conf"),
        "-g",
        f"pid {tmp_path}/pid;",
    ]
    done = subprocess.run(test, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_nginx_writes_down_no_address() -> None:
    text = (ROOT / "deploy" / "nginx" / "assetlib.conf").read_text()
    (written,) = re.findall(r"log_format assetlib ([^;]+);", text)
    told = {"remote_addr", "time_iso8601", "request_method", "status", "body_bytes_sent", "request_time"}
    assert set(re.findall(r"\$(\w+)", written)) == told | {"request_id"}
    logs = re.findall(r"access_log [^;]+;", text)
    assert [each.split()[-1] for each in logs] == ["assetlib;"] * len(re.findall(r"^server \{", text, re.M))
    # Its error log has no such format; only what is not about a request is told of these.
    quiet = [body for way, body in re.findall(r"location ([^{]+)\{([^}]+)\}", text) if " crit;" in body]
    (way,) = [way for way, body in re.findall(r"location ~ (\S+) \{([^}]+)\}", text) if body in quiet]
    assert all(re.match(way, path) for path in PATHS_WITH_A_TOKEN)


@pytest.fixture
def metered(tmp_path: Path, empty_database_file: Path) -> Iterator[House]:
    shutil.copyfile(empty_database_file, tmp_path / "assetlib.sqlite")
    opened = open_house(Settings(home=tmp_path, search_kind="memory", metrics_token=TOKEN))
    yield opened
    opened.database.close()


def test_alerts_are_about_figures_that_there_are(metered: House) -> None:
    note_backup(metered.settings.home, "2026-11-30T12:00:00+00:00", metered.settings.home)
    client = create_app(metered.settings, house=metered).test_client()
    client.get("/healthz")
    page = client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"}).text
    given = set(re.findall(r"^# TYPE (assetlib_\w+)", page, re.MULTILINE))
    rules = yaml.safe_load((ROOT / "deploy" / "prometheus" / "alerts.yaml").read_text())["groups"][0]["rules"]
    assert len(rules) >= 6
    for rule in rules:
        for name in re.findall(r"assetlib_\w+", rule["expr"]):
            assert {name, name.removesuffix("_bucket")} & given, f"{rule['alert']} asks for {name}"


def test_the_commands_and_settings_that_operators_read_of_are_ours() -> None:
    text = (ROOT / "docs" / "operations.md").read_text()
    named = re.findall(r"(?:`|^|run |bin/)assetlib ([a-z]+)", text, re.MULTILINE)
    assert len(named) >= 10
    assert [noun for noun in named if noun not in NOUNS] == []
    must_be_settings(re.findall(r"ASSETLIB_[A-Z_0-9]+[A-Z]", text))
    files = re.findall(r"deploy/[a-z]+/[a-z.*-]+[a-z]", text)
    assert [path for path in files if not list(ROOT.glob(path))] == []
