"""The OpenAPI document: true to the standard, complete, and believed by a machine that tries it out."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, Phase, given, seed, settings
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok

from assetlib.app import create_app
from assetlib.house import open_house
from assetlib.settings import Settings
from tests.delivery.api_desk import API, operations
from tests.delivery.visiting import Visit, Visits
from tests.delivery.world import make_world

EXAMPLES = 6
"""Tries of each operation."""
# Takes any bytes, and what it refuses is held elsewhere.
BY_HAND = {f"{API}/uploads/{{public_id}}/parts/{{number}}"}


@dataclass
class Described:
    app: Flask
    visit: Visit
    document: dict[str, Any]


@pytest.fixture(scope="module")
def described(tmp_path_factory: pytest.TempPathFactory, empty_database_file: Path) -> Iterator[Described]:
    home = tmp_path_factory.mktemp("described")
    shutil.copyfile(empty_database_file, home / "assetlib.sqlite")
    chosen = Settings(home=home, search_kind="memory", secret_key="s" * 40)
    house = open_house(chosen)
    world = make_world(house)
    app = create_app(chosen, house=house)
    visit = Visits(app, house).of(world.actors["L"])
    yield Described(app, visit, visit.get(f"{API}/openapi.json").json or {})
    house.database.close()


def as_described(rule: str) -> str:
    return rule.replace("<int:", "{").replace("<", "{").replace(">", "}")


def test_every_endpoint_is_described_with_its_shapes(described: Described) -> None:
    paths = described.document["paths"]
    there = {
        (method.upper(), path) for path, item in paths.items() for method in item if method != "parameters"
    }
    assert there == {(method, as_described(rule)) for method, rule in operations(described.app)}
    for method, path in there:
        operation = paths[path][method.lower()]
        assert operation["summary"], path
        assert operation["tags"], path
        taken = [each for each in operation["responses"] if each.startswith("2")]
        assert len(taken) == 1, path
        shape = operation["responses"][taken[0]].get("content", {}).get("application/json", {}).get("schema")
        assert shape or taken == ["204"], path
        named = {each["name"] for each in operation.get("parameters", []) if each["in"] == "path"}
        assert named == {part[1:-1] for part in path.split("/") if part.startswith("{")}, path


def test_what_the_document_names_is_in_it(described: Described) -> None:
    text = described.visit.get(f"{API}/openapi.json").get_data(as_text=True)
    names = {each.partition('"')[0] for each in text.split("#/components/schemas/")[1:]}
    schemas = described.document["components"]["schemas"]
    assert names <= set(schemas)
    for name, schema in schemas.items():
        jsonschema_rs.meta.validate({"$schema": "https://json-schema.org/draft/2020-12/schema", **schema})
        assert schema.get("type") == "object", name
    assert described.document["openapi"].startswith("3.1")
    assert set(described.document["info"]) >= {"title", "version"}


def test_nothing_that_fits_the_document_breaks_us(described: Described) -> None:
    schema = schemathesis.openapi.from_dict(described.document)
    schema.app = described.app
    # The visit's own cookie says who calls; made-up tokens would be turned away at the door.
    schema.config.generation.update(with_security_parameters=False)
    carried = {"X-CSRF-Token": described.visit.token()}
    kept = [described.visit.client.get_cookie(name) for name in ("assetlib", "assetlib-form")]
    cookies = {each.key: each.value for each in kept if each is not None}
    statuses: dict[int, int] = {}
    for found in schema.get_all_operations():
        assert isinstance(found, Ok), found
        operation = found.ok()
        if operation.path in BY_HAND:
            continue

        @seed(20261124)
        @settings(
            max_examples=EXAMPLES,
            database=None,
            deadline=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy())
        def tried(case: schemathesis.Case[Any]) -> None:
            answer = case.call(headers=carried, cookies=cookies)
            statuses[answer.status_code] = statuses.get(answer.status_code, 0) + 1
            case.validate_response(answer, checks=[not_a_server_error])

        tried()
    assert sum(statuses.values()) > 150, statuses
    assert set(statuses) >= {200, 403, 404}
    assert 401 not in statuses
    assert not [each for each in statuses if each >= 500]


def test_it_says_how_to_come_in_and_how_it_says_no(described: Described) -> None:
    document = described.document
    assert document["components"]["securitySchemes"]["token"]["scheme"] == "bearer"
    problem = {"$ref": "#/components/schemas/Problem"}
    for path, item in document["paths"].items():
        for method, operation in item.items():
            if method == "parameters":
                continue
            ways = {name for each in operation["security"] for name in each}
            assert ways <= {"token", "browser"}
            assert "browser" in ways, path
            asked = {"401", "403"} | ({"404"} if "{" in path else set())
            asked |= {"409", "429"} if method != "get" else set()
            assert asked <= set(operation["responses"]), (method, path)
            for status in asked:
                answer = operation["responses"][status]
                assert answer["description"]
                assert answer["content"]["application/problem+json"]["schema"] == problem
    library = document["paths"][f"{API}/library"]["get"]
    assert {"token": ["read"]} in library["security"]
    password = document["paths"][f"{API}/me/password"]["put"]
    assert password["security"] == [{"browser": []}], "no program changes a password"
