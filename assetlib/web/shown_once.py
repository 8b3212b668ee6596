"""What a page shows once: laid by when it is made, taken up by the page that the browser is led to.

So a reload shows the page without it, and makes nothing a second time. Between the two it rides in the
browser's form session, encrypted; it stands in no row and no address.
"""

import json
from datetime import timedelta
from typing import Any

from flask import session as form_session

from assetlib import clock
from assetlib.accounts.codes import seal, sealing_key, unseal
from assetlib.current import house

LASTS = timedelta(minutes=10)


def lay_by(what: str, value: Any) -> None:
    """Keep a small value for the next page that takes it up."""
    form_session[what] = seal(json.dumps([clock.now().timestamp(), value]), _key())


def take_up(what: str) -> Any:
    """What was laid by a moment ago, this once; None afterwards."""
    opened = unseal(str(form_session.pop(what, "")), _key())
    if opened is None:
        return None
    at, value = json.loads(opened)
    return value if at > (clock.now() - LASTS).timestamp() else None


def _key() -> bytes:
    return sealing_key(house().settings.secret_key, "shown once")
