"""Slow down those who guess, and those who ask too often, without locking out those who mistype."""

import hashlib
import math
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from assetlib import clock
from assetlib.accounts.errors import TooManyTries
from assetlib.accounts.models import SignInThrottle
from assetlib.words import say

FREE_TRIES = 5
WINDOW = timedelta(minutes=15)
LONGEST_WAIT = 15 * 60
NETWORK_TRIES = 50
NETWORK_WINDOW = timedelta(hours=1)
LONGEST_WINDOW = timedelta(days=1)


@dataclass(frozen=True)
class Limit:
    """So many times within a while, and no more until that is over."""

    what: str
    """Tells its counters from those of other limits."""
    times: int
    window: timedelta
    """At most `LONGEST_WINDOW`."""


FORGOTTEN = Limit("forgotten", 3, timedelta(minutes=15))
"""Of one address."""
CODES = Limit("codes", 30, timedelta(hours=1))
"""Of one person, from wherever: a code has six digits only."""
FORGOTTEN_NETWORK = Limit("forgotten network", 20, timedelta(hours=1))

SINGLE_REFUSED = Limit("single sign-on refused", 20, timedelta(minutes=15))
"""Of one network: how many refusals are written down."""

ACCESS_REQUESTS = Limit("access requests", 30, timedelta(hours=1))
"""Of one person: nobody tries all numbers."""

LINK_PASSWORD = Limit("link password", 10, timedelta(minutes=15))
"""Of one link and one network."""
LINK_PASSWORD_DAY = Limit("link password of a day", 100, timedelta(days=1))

FEED_ADDRESS = Limit("calendar feed", 60, timedelta(hours=1))
"""Of one network: addresses that lead nowhere."""


def count_try(session: Session, *limits: tuple[Limit, str]) -> None:
    """Count one more for each limit and the one it is counted of: an address, a network, a link.

    Nothing, or `TooManyTries` with the seconds to wait, and nothing counted. Commit it before what it allows
    is begun, so that many at once cannot slip through together.
    """
    rows = [_counter(session, _key("limit", limit.what, whose)) for limit, whose in limits]
    moment = clock.now()
    for row, (limit, _) in zip(rows, limits, strict=True):
        if row.first_at + limit.window > moment and row.failures >= limit.times:
            raise _too_many((row.first_at + limit.window - moment).total_seconds())
    for row, (limit, _) in zip(rows, limits, strict=True):
        _count(row, limit.window)


def forgive(session: Session, *limits: tuple[Limit, str]) -> None:
    """The try was right: it does not count as one."""
    for limit, whose in limits:
        session.execute(
            update(SignInThrottle)
            .where(SignInThrottle.key == _key("limit", limit.what, whose), SignInThrottle.failures > 0)
            .values(failures=SignInThrottle.failures - 1)
        )


def _too_many(seconds: float) -> TooManyTries:
    return TooManyTries(say("Too many tries. Wait, then try again."), retry_after=math.ceil(seconds))


def _key(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()


def begin_try(session: Session, email: str, address: str) -> int:
    """Count a try before it is made, so that many at once cannot slip through together.

    How many are left before waiting begins; or `TooManyTries` with the seconds to wait, and nothing counted.
    """
    rows = [_counter(session, key) for key in _keys(email, address)]
    moment = clock.now()  # after the counters, whose first moment must not lie ahead of it
    for row in rows:
        if row.open_at > moment:
            raise _too_many((row.open_at - moment).total_seconds())
    for row, window in zip(rows, (WINDOW, NETWORK_WINDOW), strict=True):
        _count(row, window)
    account, network = rows
    if account.failures >= FREE_TRIES:
        wait = min(2 ** (account.failures - FREE_TRIES) * 2, LONGEST_WAIT)
        account.open_at = moment + timedelta(seconds=wait)
    if network.failures >= NETWORK_TRIES:
        network.open_at = network.first_at + NETWORK_WINDOW
    return max(FREE_TRIES - account.failures, 0)


def forget_try(session: Session, email: str, address: str) -> None:
    """The try was right: the account starts anew, and the network is not blamed for it."""
    account, network = _keys(email, address)
    session.execute(delete(SignInThrottle).where(SignInThrottle.key == account))
    session.execute(
        update(SignInThrottle)
        .where(SignInThrottle.key == network, SignInThrottle.failures > 0)
        .values(failures=SignInThrottle.failures - 1)
    )


def give_back_try(session: Session, email: str, address: str) -> None:
    """The try was right, but nobody is in yet: it is as if it had not been made, and nobody waits for it."""
    for key in _keys(email, address):
        session.execute(
            update(SignInThrottle)
            .where(SignInThrottle.key == key, SignInThrottle.failures > 0)
            .values(failures=SignInThrottle.failures - 1, open_at=clock.now())
        )


def _keys(email: str, address: str) -> tuple[str, str]:
    return _key("account", email, address), _key("network", address)


def forget_old(session: Session) -> None:
    session.execute(
        delete(SignInThrottle).where(SignInThrottle.last_at < clock.now() - LONGEST_WINDOW - NETWORK_WINDOW)
    )


def _counter(session: Session, key: str) -> SignInThrottle:
    """The row of a key, locked; made first if need be, so that there is always one to stand in line for."""
    moment = clock.now()
    module: Any = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    session.execute(
        module.insert(SignInThrottle)
        .values(key=key, failures=0, first_at=moment, last_at=moment, open_at=moment)
        .on_conflict_do_nothing()
    )
    return session.get_one(SignInThrottle, key, with_for_update=True, populate_existing=True)


def _count(row: SignInThrottle, window: timedelta) -> None:
    moment = clock.now()
    if row.first_at + window <= moment:
        row.failures, row.first_at = 0, moment
    row.failures += 1
    row.last_at = moment
