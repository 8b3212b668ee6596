"""What is stored is typed and named."""

import ast

import pytest
from sqlalchemy import (
    CheckConstraint,
    ForeignKeyConstraint,
    PrimaryKeyConstraint,
    Table,
    UniqueConstraint,
)

from assetlib.database import Base
from assetlib.tables import METADATA
from tests.conventions.sources import Source, called, sources

ORDERED = (PrimaryKeyConstraint, UniqueConstraint)
"""Constraints that the database keeps an index for."""
TABLES = sorted(METADATA.tables.values(), key=lambda table: table.name)


def model_classes() -> list[tuple[Source, ast.ClassDef]]:
    return [
        (source, node)
        for source in sources()
        if source.place.endswith("/models.py") or "/models/" in source.place
        for node in source.tree.body
        if isinstance(node, ast.ClassDef)
    ]


def test_every_table_has_its_class_in_a_models_module() -> None:
    named = {
        node.value.value
        for _, each in model_classes()
        for node in each.body
        if isinstance(node, ast.Assign)
        and isinstance(node.targets[0], ast.Name)
        and node.targets[0].id == "__tablename__"
        and isinstance(node.value, ast.Constant)
    }
    assert named == {table.name for table in TABLES}


@pytest.mark.parametrize(("source", "model"), [pytest.param(s, m, id=m.name) for s, m in model_classes()])
def test_every_column_and_relation_says_its_type(source: Source, model: ast.ClassDef) -> None:
    for node in model.body:
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call):
            assert called(node.value) not in ("mapped_column", "relationship", "Column"), source.at(node)
        if isinstance(node, ast.AnnAssign):
            said = ast.unparse(node.annotation)
            assert said.startswith(("Mapped[", "ClassVar[")), f"{source.at(node)} says {said}"


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_every_constraint_has_a_name(table: Table) -> None:
    for constraint in table.constraints:
        assert constraint.name, f"{table.name} has a {type(constraint).__name__} without a name"
        if isinstance(constraint, CheckConstraint):
            assert str(constraint.name) != f"ck_{table.name}_"


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_what_points_to_another_row_can_be_looked_up(table: Table) -> None:
    """A foreign key begins some index: else deleting what it points to reads the whole table."""
    ordered = [*table.indexes, *(each for each in table.constraints if isinstance(each, ORDERED))]
    beginnings = {next(iter(each.columns.keys())) for each in ordered if each.columns}
    for constraint in table.constraints:
        if isinstance(constraint, ForeignKeyConstraint):
            first = constraint.column_keys[0]
            assert first in beginnings, f"{table.name}.{first} has no index"


def test_models_of_one_domain_know_no_other_domain() -> None:
    """Relations join rows of one domain; others are named by their id."""
    for mapper in sorted(Base.registry.mappers, key=lambda each: each.class_.__name__):
        for relation in mapper.relationships:
            mine, theirs = mapper.class_.__module__, relation.mapper.class_.__module__
            assert mine.split(".")[1] == theirs.split(".")[1], f"{mapper.class_.__name__}.{relation.key}"
