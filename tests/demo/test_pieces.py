"""The demo's list of files is whole: names, senders, rights, attributes, days."""

from collections import Counter
from datetime import date, timedelta

import pytest

from assetlib.catalog.rules.rights import Terms, rights_state
from assetlib.catalog.rules.rights_forms import right_faults
from assetlib.catalog.schema import ATTRIBUTES, TYPES, Branch, key_of
from assetlib.demo.calendar_of_files import MOST_AT_ONCE, deliveries_of
from assetlib.demo.company import BRANDS, CAMPAIGNS, PEOPLE, PRODUCTS
from assetlib.demo.filling import all_pieces
from assetlib.demo.pieces import FATES
from assetlib.demo.rights import RIGHTS

TODAY = date(2026, 11, 24)


def _keys(branch: Branch) -> set[str]:
    return {key_of(label) for label in branch} | {key for below in branch.values() for key in _keys(below)}


CHOICES = {
    "brand": set(BRANDS),
    "campaign": set(CAMPAIGNS),
    "product": set(PRODUCTS) | {key for _, below in PRODUCTS.values() for key in below},
    "region": _keys(ATTRIBUTES["region"].choices),
    "language": _keys(ATTRIBUTES["language"].choices),
}


def test_there_are_enough_of_them_in_enough_formats() -> None:
    pieces = all_pieces()
    assert len(pieces) >= 160
    assert len({piece.file.rpartition(".")[2] for piece in pieces}) >= 12
    assert len({piece.file for piece in pieces}) == len(pieces)
    assert len({piece.title for piece in pieces}) == len(pieces)


def test_every_fate_and_every_right_occurs() -> None:
    pieces = all_pieces()
    assert {piece.fate for piece in pieces} == set(FATES)
    assert {piece.right for piece in pieces} == {*RIGHTS, ""}
    assert all(piece.right for piece in pieces if piece.fate in ("published", "embargoed", "withdrawn"))


def test_what_a_piece_names_is_there() -> None:
    for piece in all_pieces():
        assert piece.type_key in TYPES
        assert piece.sender in PEOPLE
        assert piece.order.make  # type: ignore[truthy-function]
        for key, value in piece.attributes.items():
            assert key in ATTRIBUTES, (piece.file, key)
            asked = ATTRIBUTES[key].types
            assert value is None or not asked or piece.type_key in asked, (piece.file, key)
            if key in CHOICES:
                named = value if isinstance(value, list) else [value]
                assert set(named) <= CHOICES[key], (piece.file, key, value)


def test_what_says_its_day_is_asked_for_it() -> None:
    dated = {piece.type_key for number, piece in enumerate(all_pieces()) if piece.said(number).created}
    assert dated <= set(ATTRIBUTES["shot_on"].types)


def test_attributes_of_every_kind_are_filled_somewhere() -> None:
    filled = {key for piece in all_pieces() for key, value in piece.attributes.items() if value}
    by_file = {"photographer", "shot_on"}  # taken from the metadata inside the file
    assert {ATTRIBUTES[key].kind for key in filled | by_file} == {each.kind for each in ATTRIBUTES.values()}


def test_rights_can_be_kept_and_stand_in_every_state() -> None:
    states = set()
    for name, of_day in RIGHTS.items():
        form = of_day(TODAY)
        assert right_faults(form) == {}, name
        states.add(rights_state(Terms(form.starts_on, form.ends_on, form.ask_first), TODAY))
    assert states == {"cleared", "expiring", "ask", "ended", "not_yet"}
    nine = RIGHTS["nine_days"](TODAY)
    assert nine.ends_on == TODAY + timedelta(days=9)


@pytest.mark.parametrize("today", [TODAY, date(2028, 2, 29)])
def test_every_piece_is_delivered_once_within_the_past_year(today: date) -> None:
    pieces = all_pieces()
    deliveries = deliveries_of(pieces, today)
    assert Counter(n for each in deliveries for n in each.numbers) == Counter(range(len(pieces)))
    for each in deliveries:
        assert {pieces[number].sender for number in each.numbers} == {each.sender}
        assert len(each.numbers) <= MOST_AT_ONCE
        assert 0 < (today - each.moment.date()).days < 365
    moments = [each.moment for each in deliveries]
    assert moments == sorted(moments)
    assert deliveries == deliveries_of(pieces, today)


def test_the_same_order_makes_the_same_bytes() -> None:
    pieces = all_pieces()
    for number in range(0, len(pieces), 19):
        said = pieces[number].said(number)
        assert pieces[number].order.make(said) == pieces[number].order.make(said), pieces[number].file
