"""What a link may be: pure rules over plain values."""

from collections.abc import Collection
from datetime import datetime, timedelta

from assetlib.catalog.errors import WrongValue
from assetlib.catalog.rules.texts import name_fault, text_fault
from assetlib.words import say

LONGEST_NAME = 200
LONGEST_MESSAGE = 4_000
LONGEST_PASSWORD = 200
SHORTEST_PASSWORD = 8
MOST_ASSETS = 2_000
MOST_DOWNLOADS = 1_000_000
HINT = 6
"""Characters of a link by which its maker knows it again: too few to guess the rest."""
SESSION_LASTS = timedelta(hours=24)
"""How long a browser may look on after it opened a link."""


def must_be_share(
    *,
    name: str,
    message: str,
    forms: Collection[str],
    known_forms: Collection[str],
    expires_at: datetime,
    download_limit: int | None,
    now: datetime,
    longest_days: int,
) -> None:
    """Nothing, or `WrongValue` with every fault at once."""
    faults: dict[str, str] = {}
    if not name:
        faults["name"] = say("Give it a name; those who open it read it.")
    elif fault := name_fault(name, LONGEST_NAME):
        faults["name"] = fault
    if fault := text_fault(message, LONGEST_MESSAGE):
        faults["message"] = fault
    if unknown := [each for each in forms if each not in known_forms]:
        faults["forms"] = say("There is no form {forms}. Choose from the list.", forms=unknown)
    if expires_at <= now:
        faults["expires_at"] = say("Choose a day that is still to come.")
    elif expires_at > now + timedelta(days=longest_days + 1):
        faults["expires_at"] = say(
            "A link lasts at most {days} days. Choose a day before.", days=longest_days
        )
    if download_limit is not None and not 1 <= download_limit <= MOST_DOWNLOADS:
        faults["download_limit"] = say("Give a number from 1 on, or leave it empty for no limit.")
    if faults:
        raise WrongValue(next(iter(faults.values())), fields=faults)


def must_be_link_password(password: str) -> None:
    """Nothing, or `WrongValue`: a link with a password that is too weak is not made at all."""
    fault = ""
    if len(password) < SHORTEST_PASSWORD:
        fault = say(
            "Use at least {least} characters, or take the one that is suggested.", least=SHORTEST_PASSWORD
        )
    elif len(password) > LONGEST_PASSWORD:
        fault = say("Use at most {most} characters.", most=LONGEST_PASSWORD)
    elif len(set(password.lower())) < 5:
        fault = say("This is too easy to guess. Take the one that is suggested.")
    if fault:
        raise WrongValue(fault, fields={"password": fault})


def must_fit_in_a_share(count: int) -> None:
    """Nothing, or `WrongValue` for a link to nothing, or to more than one link holds."""
    fault = ""
    if count == 0:
        fault = say("Choose at least one asset.")
    elif count > MOST_ASSETS:
        fault = say("One link holds at most {most} assets. Choose fewer.", most=MOST_ASSETS)
    if fault:
        raise WrongValue(fault, fields={"assets": fault})


def must_keep_to_limit(download_limit: int | None, downloads: int) -> None:
    """Nothing, or `WrongValue` for a limit below what was downloaded already."""
    if download_limit is not None and download_limit < downloads:
        fault = say(
            "{count} files were downloaded already. Choose that or more, or take the link back.",
            count=downloads,
        )
        raise WrongValue(fault, fields={"download_limit": fault})
