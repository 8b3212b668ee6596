"""Every refusal of the house is one of five kinds, has a code of its own, and a status."""

import importlib
import pkgutil
from collections import defaultdict

import pytest

import assetlib
from assetlib.errors import KINDS, Conflict, Invalid, NotAllowed, NotFound, Refusal, Unavailable
from assetlib.http_status import status_of


def all_refusals() -> list[type[Refusal]]:
    for module in pkgutil.walk_packages(assetlib.__path__, "assetlib."):
        if module.name.rsplit(".", maxsplit=1)[-1] in (
            "errors",
            "database",
            "permission",
            "policy",
            "guard",
            "blobs",
        ):
            importlib.import_module(module.name)
    found, todo = [], list(KINDS)
    while todo:
        kind = todo.pop()
        found.append(kind)
        todo += kind.__subclasses__()
    return sorted(found, key=lambda each: each.__name__)


def test_each_is_exactly_one_of_the_five_kinds() -> None:
    for each in all_refusals():
        assert sum(issubclass(each, kind) for kind in KINDS) == 1, each


def test_no_two_share_a_code() -> None:
    named = defaultdict(set)
    for each in all_refusals():
        if "code" in vars(each):
            named[each.code].add(each.__name__)
    assert [names for names in named.values() if len(names) > 1] == []


@pytest.mark.parametrize(
    ("kind", "status"),
    [(NotFound, 404), (NotAllowed, 403), (Invalid, 422), (Conflict, 409), (Unavailable, 503)],
)
def test_a_kind_has_its_status(kind: type[Refusal], status: int) -> None:
    assert status_of(kind("Do something else.")) == status


def test_too_many_tries_have_a_status_of_their_own() -> None:
    class TooManyDoors(Unavailable):
        code = "too_many_doors"

    assert status_of(TooManyDoors("Wait.")) == 429


def test_what_is_none_of_the_kinds_has_no_status() -> None:
    with pytest.raises(TypeError):
        status_of(Refusal("No."))


def test_a_refusal_carries_its_sentence_and_facts() -> None:
    refusal = Conflict("The order was issued. Look at it again.", order=7)
    assert str(refusal) == refusal.sentence == "The order was issued. Look at it again."
    assert refusal.details == {"order": 7}
