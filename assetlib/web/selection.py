"""What was ticked in a grid: the form's `asset` fields."""

from flask import request

MOST = 100_000


def chosen_ids() -> list[int]:
    """Ids in the order in which they were sent; what is no id is left out."""
    sent = request.form.getlist("asset")[:MOST]
    return [int(each) for each in sent if each.isascii() and each.isdecimal() and len(each) < 12]
