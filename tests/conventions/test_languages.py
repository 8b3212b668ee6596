"""Every sentence that people read can be had in every language, and is there."""

import ast
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path
from types import ModuleType

import pytest
from jinja2 import Environment, nodes

from assetlib.app import create_app
from assetlib.errors import Refusal
from assetlib.language import TRANSLATIONS
from assetlib.words import LANGUAGES
from tests.conventions.sources import ROOT, Source, called, calls, sources

TEMPLATES = sorted(
    each for each in (ROOT / "templates").rglob("*.html") if each.name != "styleguide.html"
)  # the styleguide is read by those who build pages only


def the_script() -> ModuleType:
    loader = SourceFileLoader("languages", str(ROOT / "scripts" / "languages"))
    spec = spec_from_loader("languages", loader)
    assert spec is not None
    module = module_from_spec(spec)
    loader.exec_module(module)
    return module


SCRIPT = the_script()
OTHERS = sorted(set(LANGUAGES) - {"en"})


def test_every_language_but_english_has_a_catalogue() -> None:
    assert sorted(each.name for each in TRANSLATIONS.iterdir() if each.is_dir()) == OTHERS


@pytest.mark.parametrize("language", OTHERS)
def test_every_sentence_is_there_with_its_values_and_nothing_else_is(language: str) -> None:
    assert SCRIPT.faults(language) == []


def test_a_lost_value_would_be_found() -> None:
    catalogue = SCRIPT.Catalog()
    whole = catalogue.add("{who} came.", "{who} kam.")
    lost = catalogue.add("{who} went.", "Jemand ging.")
    one = catalogue.add(("One came.", "{count} came."), ("Jemand kam.", "{count} kamen."))
    assert [SCRIPT.fits(each) for each in (whole, lost, one)] == [True, False, True]


# In Python


def subclasses(kind: type) -> Iterator[type]:
    for each in kind.__subclasses__():
        yield each
        yield from subclasses(each)


assert create_app.__name__  # all of the product is read in, so all refusals are known
REFUSALS = {
    each.__name__ for each in (Refusal, *subclasses(Refusal)) if each.__module__.startswith("assetlib")
}
SAYING = {"say", "say_n", "say_as"}
TABLES = ("assetlib/dashboards/audit_names.py", "assetlib/dashboards/audit_sentences.py")
"""Patterns by what happened; the values come when it is told."""
FOR_OPERATORS = (
    "assetlib/cli/",
    "assetlib/corpus/",
    "assetlib/demo/",
    "assetlib/search/whoosh_index.py",
    "assetlib/migrating.py",
    "assetlib/keeping/",
)
"""Read at the command line, which speaks English."""


def is_bare(node: ast.expr | None) -> bool:
    """Whether this is a sentence without a pattern: text, or text put together."""
    if isinstance(node, ast.Constant):
        return isinstance(node.value, str) and " " in node.value.strip()
    if isinstance(node, ast.IfExp):
        return is_bare(node.body) or is_bare(node.orelse)
    if isinstance(node, ast.BinOp):
        return is_bare(node.left) or is_bare(node.right)
    return isinstance(node, ast.JoinedStr)


def sentences_of(call: ast.Call) -> Iterator[ast.expr]:
    """What people read of a call that refuses, permits, or tells."""
    name = called(call)
    given = {each.arg: each.value for each in call.keywords}
    if name in REFUSALS and call.args:
        yield call.args[0]
    if name == "Permission":
        yield from call.args[2:3]
        if "refusal" in given:
            yield given["refusal"]
    if name == "flash":
        yield from call.args[:1]
    if name == "Answer":
        yield from call.args[1:2]
    fields = given.get("fields")
    if name in REFUSALS and isinstance(fields, ast.Dict):
        yield from fields.values


def bare(source: Source) -> list[str]:
    return [
        f"{source.at(call)} {ast.unparse(each)}"
        for call in calls(source.tree)
        for each in sentences_of(call)
        if is_bare(each)
    ]


def test_what_refuses_permits_or_tells_keeps_its_pattern() -> None:
    read = [each for each in sources() if not each.place.startswith(FOR_OPERATORS)]
    assert [each for source in read for each in bare(source)] == []


def test_a_bare_sentence_would_be_found() -> None:
    text = (
        'raise WrongValue(f"There is no {x}.", fields={"x": "Not so."})\nflash("It is done." if a else b)\n'
    )
    assert len(bare(Source("assetlib/x.py", text, ast.parse(text)))) == 3


def test_every_pattern_is_written_out_where_it_is_said() -> None:
    found = []
    for source in sources():
        saying = SAYING & set(source.imported())
        for call in calls(source.tree):
            if isinstance(call.func, ast.Name) and call.func.id in saying and source.place not in TABLES:
                found += [f"{source.at(call)} {fault}" for fault in faults_of(call)]
    assert found == []


def faults_of(call: ast.Call) -> Iterator[str]:
    """What is wrong with a call of `say`: a text made up before, a value missing or told by nobody."""
    texts = [getattr(each, "value", None) for each in call.args[: SCRIPT.SAYING[called(call)]]]
    if not all(isinstance(each, str) for each in texts):
        yield "is not written out"
        return
    places = set(re.findall(r"\{(\w+)\}", " ".join(map(str, texts)))) - {"count"}
    given = {each.arg for each in call.keywords}
    if None not in given and given - {"count"} != places:
        yield f"says {sorted(places)}, is given {sorted(map(str, given))}"


# In templates

HUMAN = {"aria-label", "title", "placeholder", "alt", "label", "aria-description"}
CODE = re.compile(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)
PIECE = re.compile(r"[\w-]+=\"[^\"]*\">?|[a-z]+-[a-z-]+")
"""What is put into a tag: an attribute, or its value."""
WORD = re.compile(r"[A-Za-z]{2,}")
NAMES = {"assetlib", "v", "sha"}
GETTEXT = {"_", "gettext", "ngettext", "pgettext"}


class Texts(HTMLParser):
    """Text and human attributes of a template, its code taken out."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._open = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._open += tag in ("script", "style")
        self.found += [value for name, value in attrs if name in HUMAN and value]

    def handle_endtag(self, tag: str) -> None:
        self._open -= tag in ("script", "style")

    def handle_data(self, data: str) -> None:
        if not self._open:
            self.found.append(data)


def texts_of(template: str) -> list[str]:
    """Words that stand in a template as they are."""
    reader = Texts()
    # What a tag holds between two pieces of code is no text: `<p{{ id }} class="x">`.
    reader.feed(re.sub(r"<[^<>]*>", _quoted, CODE.sub("·", template)))
    return [each.strip() for each in reader.found if set(WORD.findall(PIECE.sub("", each))) - NAMES]


def _quoted(tag: re.Match[str]) -> str:
    return tag[0].replace("·", "")


def constants_of(template: str) -> list[str]:
    """Texts in the code of a template that read like sentences, outside of `_(…)`."""
    tree = Environment(extensions=["jinja2.ext.i18n"]).parse(template)
    inside = {
        id(each)
        for call in tree.find_all(nodes.Call)
        if isinstance(call.node, nodes.Name) and call.node.name in GETTEXT
        for each in call.find_all(nodes.Const)
    }
    found = [each.value for each in tree.find_all(nodes.Const) if id(each) not in inside]
    return [each for each in found if isinstance(each, str) and re.match(r"[A-Z][a-z]+( \w+)*[ .?!]", each)]


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda each: each.relative_to(ROOT).as_posix())
def test_no_template_holds_a_sentence_as_it_is(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    blocks = re.compile(r"\{% block (?:body_class|html_attributes)[^%]*%\}.*?\{% endblock %\}", re.DOTALL)
    assert texts_of(blocks.sub("", text)) == []
    assert constants_of(text) == []


def test_a_sentence_in_a_template_would_be_found() -> None:
    assert texts_of('<p title="Not so">{{ _("So") }} and more</p>') == ["Not so", "· and more"]
    assert texts_of('<b{{ id }} class="x">{{ _("So") }}</b> v{{ number }}') == []
    assert constants_of('{{ notice("Not done yet.") }}{{ _("Done now.") }}') == ["Not done yet."]
