"""How the reference data says no."""

from assetlib.errors import Conflict, Invalid, NotFound


class NoSuchReference(NotFound):
    """No such calendar, account, cost centre, rate, vendor, contract, day or change."""

    code = "reference_not_found"


class WrongReference(Invalid):
    """A field cannot hold what was sent; `details["fields"]` says which and why."""

    code = "wrong_reference_value"


class WrongReferenceState(Conflict):
    """It is not in a state from which this can be done."""

    code = "wrong_reference_state"


class ReferenceChanged(Conflict):
    """Somebody else changed it since it was read, or wants to change the same."""

    code = "reference_changed"
