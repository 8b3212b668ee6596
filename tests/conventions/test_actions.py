"""Every action asks its permission and leaves a record, itself or through what it calls."""

import ast

import pytest

from tests.conventions.sources import Source, called, calls, sources


def action_modules() -> list[Source]:
    return [each for each in sources() if each.place.endswith("/actions.py") or "/actions/" in each.place]


def public_functions() -> list[tuple[Source, ast.FunctionDef]]:
    return [
        (source, function)
        for source in action_modules()
        for name, function in source.functions().items()
        if not name.startswith("_")
    ]


def parameters(function: ast.FunctionDef) -> list[str]:
    return [each.arg for each in (*function.args.posonlyargs, *function.args.args)]


def is_action(function: ast.FunctionDef) -> bool:
    return parameters(function)[:2] == ["session", "actor"]


WITHOUT_RECORD = {
    "assetlib.catalog.actions.renditions.excuse_try": "The house counts its own tries; nobody did anything.",
}
"""Action → why it leaves no record."""

ACTIONS = [pytest.param(s, f, id=f"{s.module}.{f.name}") for s, f in public_functions() if is_action(f)]


def reached(source: Source, function: ast.FunctionDef) -> set[str]:
    """The last words of everything that a function calls, through functions of the actions' own modules."""
    by_module = {each.module: each for each in action_modules()}
    found: set[str] = set()
    waiting, seen = [(source, function)], set()
    while waiting:
        here, body = waiting.pop()
        if (here.place, body.name) in seen:
            continue
        seen.add((here.place, body.name))
        for call in calls(body):
            name = called(call)
            found.add(name)
            if name in here.functions():
                waiting.append((here, here.functions()[name]))
            module, original = here.imported().get(name, ("", ""))
            there = by_module.get(module)
            if there is not None and original in there.functions():
                waiting.append((there, there.functions()[original]))
    return found


@pytest.mark.parametrize(("source", "function"), ACTIONS)
def test_an_action_requires_and_records(source: Source, function: ast.FunctionDef) -> None:
    words = reached(source, function)
    assert words & {"require", "require_bytes", "download_of"}, f"{source.at(function)} asks no permission"
    excused = f"{source.module}.{function.name}" in WITHOUT_RECORD
    assert ("record" in words) is not excused, f"{source.at(function)} leaves no record"


@pytest.mark.parametrize(("source", "function"), ACTIONS)
def test_an_action_says_its_outcome(source: Source, function: ast.FunctionDef) -> None:
    said = ast.get_docstring(function)
    assert said, f"{source.at(function)} does not say what it does"
    assert said.split("\n\n")[0].rstrip().endswith("."), source.at(function)


def test_whoever_changes_something_is_an_action() -> None:
    """A public function that adds, deletes, enqueues or records names who acts."""
    found = [
        source.at(function)
        for source, function in public_functions()
        if not is_action(function)
        and {called(call) for call in calls(function)} & {"record", "enqueue", "add", "add_all", "delete"}
    ]
    assert found == []


def test_there_are_actions_to_look_at() -> None:
    assert len(ACTIONS) > 30
