"""What the audit log can hold is written out by name, and each of it has its sentence."""

import ast
from collections.abc import Iterator

from assetlib.dashboards.audit_sentences import SENTENCES
from tests.conventions.sources import Source, called, calls, sources

ACTION = 2
"""Where `record(session, actor, action, …)` takes the name."""
Functions = dict[str, ast.FunctionDef]


def recorders(functions: Functions) -> dict[str, int]:
    """Functions of one module that hand a name of theirs on to `record` → where they take it."""
    found = {"record": ACTION}
    while True:
        more = {
            name: parameters.index(given.id)
            for name, function in functions.items()
            if name not in found
            for given in names_given(function, found)
            if isinstance(given, ast.Name)
            and given.id in (parameters := [each.arg for each in function.args.args])
        }
        if not more:
            return found
        found |= more


def names_given(tree: ast.AST, to: dict[str, int]) -> Iterator[ast.expr]:
    for call in calls(tree):
        place = to.get(called(call))
        if place is not None and len(call.args) > place:
            yield call.args[place]


def words(given: ast.expr | None, function: ast.FunctionDef, source: Source) -> set[str] | None:
    """The names that this can be; None: they are not written out."""
    match given:
        case ast.Constant(value=str(name)):
            return {name}
        case ast.IfExp(body=body, orelse=orelse):
            return of_all([body, orelse], function, source)
        case ast.Name(id=name):
            meant = assigned(function.body, name) or assigned(source.tree.body, name)
            if meant is None and name in source.imported():
                source = module_called(source.imported()[name][0])
                meant = assigned(source.tree.body, name)
            return words(meant, function, source)
        case ast.Subscript(value=ast.Name(id=name)):
            table = assigned(source.tree.body, name)
            return of_all(table.values, function, source) if isinstance(table, ast.Dict) else None
    return None


def of_all(each: list[ast.expr], function: ast.FunctionDef, source: Source) -> set[str] | None:
    found = [words(one, function, source) for one in each]
    return None if None in found else set().union(*(one for one in found if one))


def assigned(body: list[ast.stmt], name: str) -> ast.expr | None:
    for node in body:
        targets = getattr(node, "targets", [getattr(node, "target", None)])
        if isinstance(node, ast.Assign | ast.AnnAssign) and name in map(ast.unparse, filter(None, targets)):
            return node.value
    return None


def module_called(name: str) -> Source:
    return next(each for each in sources() if each.module == name)


def recorded() -> tuple[set[str], list[str]]:
    """Every name that can be recorded, and the places where one is not written out."""
    names, unsaid = set[str](), list[str]()
    for source in sources():
        if source.imported().get("record", ("",))[0] not in ("assetlib.audit", "assetlib.audit.recording"):
            continue
        functions = {node.name: node for node in ast.walk(source.tree) if isinstance(node, ast.FunctionDef)}
        to = recorders(functions)
        for name, function in functions.items():
            taken = function.args.args[to[name]].arg if name in to else None
            for given in names_given(function, to):
                if isinstance(given, ast.Name) and given.id == taken:
                    continue  # asked of those who call this function
                meant = words(given, function, source)
                if meant is None:
                    unsaid.append(source.at(given))
                names |= meant or set()
    return names, unsaid


def test_each_name_is_written_out_where_it_is_recorded() -> None:
    assert recorded()[1] == []


def test_the_table_of_sentences_holds_what_is_recorded_and_nothing_else() -> None:
    names, _ = recorded()
    assert len(names) > 100, "the search finds what is recorded"
    assert {"without a sentence": names - set(SENTENCES), "never recorded": set(SENTENCES) - names} == {
        "without a sentence": set(),
        "never recorded": set(),
    }
