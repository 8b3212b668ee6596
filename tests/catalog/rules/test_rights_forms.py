from datetime import date

import pytest

from assetlib.catalog.rules.rights_forms import RIGHT_LABELS, RightForm, right_faults


@pytest.mark.parametrize(
    ("form", "fields"),
    [
        (RightForm(), set()),
        (RightForm(starts_on=date(2026, 1, 1), ends_on=date(2026, 1, 1)), set()),
        (RightForm(starts_on=date(2026, 1, 2), ends_on=date(2026, 1, 1)), {"ends_on"}),
        (RightForm(holder="x" * 201), {"holder"}),
        (RightForm(licence="a\0"), {"licence"}),
        (RightForm(credit_line="\ud800"), {"credit_line"}),
        (RightForm(terms="x" * 20_001), {"terms"}),
        (RightForm(channels=["print", ""]), {"channels"}),
        (RightForm(channels=["print", "web"]), set()),
        (RightForm(territories=["DE", "JP"]), set()),
        (RightForm(territories=["Germany"]), {"territories"}),
        (RightForm(territories=["de"]), {"territories"}),
        (RightForm(territories=["ÄÖ"]), {"territories"}),
    ],
)
def test_each_wrong_field_has_its_sentence(form: RightForm, fields: set[str]) -> None:
    assert set(right_faults(form)) == fields


def test_every_field_of_a_right_has_one_name() -> None:
    assert set(RIGHT_LABELS) == set(RightForm().values())
