import csv
import io

import pytest

from assetlib.catalog.errors import NoSuchRendition, WrongValue
from assetlib.catalog.rules.forms import (
    MOST_IN_A_PACKAGE,
    inert,
    must_be_for_pages,
    must_be_form,
    must_fit_in_a_package,
)

PRESETS = ("large", "office")
RECIPES = ("thumb", "preview", "zoom", *PRESETS)


@pytest.mark.parametrize("form", ["original", "large", "office"])
def test_a_file_is_had_as_it_is_or_as_a_preset(form: str) -> None:
    must_be_form(form, PRESETS)


@pytest.mark.parametrize("form", ["", "thumb", "ORIGINAL", "../original"])
def test_in_no_other_form(form: str) -> None:
    with pytest.raises(WrongValue):
        must_be_form(form, PRESETS)


@pytest.mark.parametrize("recipe", ["thumb", "preview", "zoom"])
def test_pages_show_what_is_made_for_them(recipe: str) -> None:
    must_be_for_pages(recipe, recipes=RECIPES, presets=PRESETS)


@pytest.mark.parametrize("recipe", ["large", "original", "", "nothing"])
def test_a_preset_is_had_by_a_download_only(recipe: str) -> None:
    with pytest.raises(NoSuchRendition):
        must_be_for_pages(recipe, recipes=RECIPES, presets=PRESETS)


@pytest.mark.parametrize(
    ("count", "fits"), [(0, False), (1, True), (MOST_IN_A_PACKAGE, True), (MOST_IN_A_PACKAGE + 1, False)]
)
def test_a_package_holds_some_and_not_too_many(count: int, fits: bool) -> None:
    if fits:
        must_fit_in_a_package(count)
        return
    with pytest.raises(WrongValue):
        must_fit_in_a_package(count)


@pytest.mark.parametrize(
    "cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1", "=cmd|' /C calc'!A0"]
)
def test_what_a_spreadsheet_takes_for_a_formula_is_made_inert(cell: str) -> None:
    assert inert(cell) == "'" + cell


@pytest.mark.parametrize("cell", ["", "AST-00001", "1=1", "Ünïcode", "'quoted"])
def test_everything_else_stays_as_it_is(cell: str) -> None:
    assert inert(cell) == cell
    text = io.StringIO()
    csv.writer(text).writerow([inert(cell), "end"])
    assert next(csv.reader(io.StringIO(text.getvalue()))) == [cell, "end"]
