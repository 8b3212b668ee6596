"""Templates are compiled once for all processes of a user, and pages come without that too."""

import os
import tempfile
from pathlib import Path

import pytest
from flask import Flask
from jinja2 import Environment

from assetlib import templating

PAGE = "{{ row.items }} of {{ row.keys() | list | length }}"


@pytest.fixture
def compiled(monkeypatch: pytest.MonkeyPatch) -> list[str | None]:
    """Names of the templates that are compiled."""
    names: list[str | None] = []
    own = Environment.compile

    def noted(self: Environment, source: str, name: str | None = None, *more: object) -> object:
        names.append(name)
        return own(self, source, name, *more)  # type: ignore[call-overload]

    monkeypatch.setattr(Environment, "compile", noted)
    return names


@pytest.fixture
def templates(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "page.html").write_text(PAGE)
    return tmp_path / "templates"


def drawn(folder: Path) -> str:
    app = Flask("assetlib", template_folder=str(folder))
    templating.install(app)
    with app.app_context():
        return app.jinja_env.get_template("page.html").render(row={"items": 3})


def test_an_entry_comes_before_a_method(templates: Path) -> None:
    assert drawn(templates) == "3 of 1"


def test_a_second_process_finds_them_compiled(templates: Path, compiled: list[str | None]) -> None:
    assert [drawn(templates) for _ in range(2)] == ["3 of 1"] * 2
    assert compiled == ["page.html"]
    (templates / "page.html").write_text("changed")
    assert drawn(templates) == "changed"
    assert compiled == ["page.html"] * 2


def test_nobody_else_can_write_there(templates: Path) -> None:
    drawn(templates)
    (folder,) = (each for each in templates.parent.iterdir() if each.name.startswith("_jinja2"))
    assert folder.stat().st_mode & 0o777 == 0o700


def test_pages_come_when_nothing_can_be_kept(
    templates: Path, monkeypatch: pytest.MonkeyPatch, compiled: list[str | None]
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    monkeypatch.setattr(tempfile, "NamedTemporaryFile", full)
    assert drawn(templates) == "3 of 1"
    monkeypatch.setattr(os, "mkdir", full)
    assert templating.compiled_templates() is None
    assert drawn(templates) == "3 of 1"
    assert compiled == ["page.html"] * 2
