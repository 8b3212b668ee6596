"""What was ticked in a grid: the form's `asset` fields."""

from flask import request

from assetlib.web.forms import row_number

MOST = 100_000


def chosen_ids() -> list[int]:
    """Ids in the order in which they were sent; what is no id is left out."""
    return request.form.getlist("asset", type=row_number)[:MOST]
