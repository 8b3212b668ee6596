"""Every action asks its permission and leaves a record, itself or through what it calls."""

import ast
import re

import pytest

from assetlib.tables import METADATA
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
    "assetlib.notify.actions.mark_all_read": "What somebody has read concerns them alone.",
    "assetlib.notify.actions.mark_read": "What somebody has read concerns them alone.",
    "assetlib.planning.actions.feeds.note_reading": "Calendars look all day; their owner sees when last.",
    "assetlib.catalog.actions.opening.must_be_theirs_to_open": "It asks and changes nothing.",
    "assetlib.catalog.actions.renditions.excuse_try": "The house counts its own tries; nobody did anything.",
}
"""Action → why it leaves no record."""

ACTIONS = [pytest.param(s, f, id=f"{s.module}.{f.name}") for s, f in public_functions() if is_action(f)]


REQUIRES = frozenset({"require", "require_bytes", "download_of"})
CHANGES = frozenset({"record", "enqueue", "add", "add_all", "delete"})


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
    assert words & REQUIRES, f"{source.at(function)} asks no permission"
    excused = f"{source.module}.{function.name}" in WITHOUT_RECORD
    assert ("record" in words) is not excused, f"{source.at(function)} leaves no record"


def order_of(source: Source, function: ast.FunctionDef, seen: frozenset[str] = frozenset()) -> list[str]:
    """What a function does, in the order in which it is written: `require` and `change`, its own helpers
    and other actions followed."""
    found: list[tuple[int, int, list[str]]] = []
    for node in ast.walk(function):
        if isinstance(node, ast.Assign | ast.AugAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            flat = [each for target in targets for each in ast.walk(target)]
            if any(isinstance(each, ast.Attribute) and isinstance(each.ctx, ast.Store) for each in flat):
                found.append((node.end_lineno or 0, node.end_col_offset or 0, ["change"]))
        if isinstance(node, ast.Call):
            place = (node.end_lineno or 0, node.end_col_offset or 0)
            found.append((*place, _done_by(source, node, seen)))
    return [word for _, _, words in sorted(found) for word in words]


def _done_by(source: Source, call: ast.Call, seen: frozenset[str]) -> list[str]:
    name = called(call)
    if name in REQUIRES:
        return ["require"]
    changes_rows = isinstance(call.func, ast.Attribute) and ast.unparse(call.func.value) == "session"
    if name in ("record", "enqueue") or (changes_rows and name in CHANGES):
        return ["change"]
    here, body = source, source.functions().get(name)
    if body is None:
        module, original = source.imported().get(name, ("", ""))
        there = next((each for each in action_modules() if each.module == module), None)
        if there is not None:
            here, body = there, there.functions().get(original)
    if body is None or f"{here.module}.{body.name}" in seen:
        return []
    return order_of(here, body, seen | {f"{here.module}.{body.name}"})


@pytest.mark.parametrize(("source", "function"), ACTIONS)
def test_an_action_requires_before_it_changes(source: Source, function: ast.FunctionDef) -> None:
    assert order_of(source, function)[:1] == ["require"], f"{source.at(function)} changes before it asks"


def test_an_action_that_asks_too_late_would_be_found() -> None:
    late = "def act(session, actor, thing):\n    thing.state = 'x'\n    ACT.require(actor, thing)\n"
    nested = "def act(session, actor):\n    _do(session)\n    A.require(actor)\n"
    nested += "def _do(session):\n    session.add(1)\n"
    for text in (late, nested):
        source = Source("assetlib/x/actions.py", text, ast.parse(text))
        assert order_of(source, source.functions()["act"]) == ["change", "require"]


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


COLUMNS = {column.name for table in METADATA.tables.values() for column in table.columns}
CHANGE_OUTSIDE = {
    "assetlib.catalog.jobs.housekeeping.forget_packages": "Lists of ZIPs are dropped by their age alone.",
    "assetlib.catalog.jobs.housekeeping.mark_unneeded_blobs": "The sweeper is told, nothing is lost by it.",
}
"""Function → why it changes something and is no action."""


def test_pages_calls_and_jobs_change_nothing_themselves() -> None:
    """What a page, a call or a job changes, it changes through an action."""
    places = ("assetlib/web/", "assetlib/api/")
    looked_at = [
        each for each in sources() if each.place.startswith(places) or re.search(r"/jobs(/|\.py)", each.place)
    ]
    assert len(looked_at) > 40
    found = {
        f"{source.module}.{name}"
        for source in looked_at
        if not source.place.startswith("assetlib/jobs/")
        for name, function in source.functions().items()
        if _changes_something(source, function)
    }
    assert found == set(CHANGE_OUTSIDE)


def _changes_something(source: Source, function: ast.FunctionDef) -> bool:
    for call in calls(function):
        name = called(call)
        if name == "record" and source.imported().get(name, ("", ""))[0].startswith("assetlib.audit"):
            return True
        on_session = isinstance(call.func, ast.Attribute) and ast.unparse(call.func.value) == "session"
        if on_session and name in ("add", "add_all", "delete"):
            return True
        if on_session and name == "execute" and {called(each) for each in calls(call)} & {
            "insert", "update", "delete",
        }:  # fmt: skip
            return True
    answers = {
        ast.unparse(target)
        for each in ast.walk(function)
        if isinstance(each, ast.Assign) and isinstance(each.value, ast.Call)
        for target in each.targets
        if called(each.value).endswith("Out")
    }
    return any(
        isinstance(each, ast.Attribute)
        and isinstance(each.ctx, ast.Store)
        and each.attr in COLUMNS
        and ast.unparse(each.value) not in answers
        for each in ast.walk(function)
    )


def test_excuses_are_not_stale() -> None:
    known = {f"{source.module}.{function.name}" for source, function in public_functions()}
    assert set(WITHOUT_RECORD) <= known


def test_there_are_actions_to_look_at() -> None:
    assert len(ACTIONS) > 30
