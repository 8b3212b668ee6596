"""What an account may look like. Plain values, no database, no clock."""

import re
from collections.abc import Iterable

from assetlib.access.actor import ADMINISTRATOR, AGENCY_CONTRIBUTOR, FIELD_MARKETER, LIBRARIAN, ROLES
from assetlib.accounts.errors import WrongPerson

SHORTEST_PASSWORD = 12
LONGEST_PASSWORD = 200
ROLES_OF_KIND = {
    "own": frozenset({ADMINISTRATOR, LIBRARIAN, FIELD_MARKETER}),
    "agency": frozenset({AGENCY_CONTRIBUTOR}),
    "partner": frozenset({FIELD_MARKETER}),
}
_ADDRESS = re.compile(r"[^@\s]{1,64}@[^@\s]{1,180}\.[^@\s.]{2,60}")


def tidy_address(text: str) -> str:
    """The one spelling of an address under which a person is kept."""
    return text.strip().lower()


def must_be_person(*, name: str, email: str, roles: Iterable[str], organisation_kind: str) -> None:
    """Nothing, or `WrongPerson` with a sentence per field."""
    faults: dict[str, str] = {}
    if not name.strip():
        faults["name"] = "Give the person's name."
    elif len(name) > 200 or _unprintable(name):
        faults["name"] = "A name has up to 200 characters, none of them a control character."
    if not _ADDRESS.fullmatch(email) or len(email) > 254 or not email.isprintable():
        faults["email"] = "Write an address like name@company.example."
    unknown = set(roles) - set(ROLES)
    unfit = set(roles) - ROLES_OF_KIND[organisation_kind] - unknown
    if unknown:
        faults["roles"] = f"There is no role {', '.join(sorted(unknown))}."
    elif unfit:
        faults["roles"] = (
            f"People of this organisation cannot be {', '.join(sorted(unfit)).replace('_', ' ')}."
        )
    if faults:
        raise WrongPerson("Some of this cannot be taken. Look at the marked fields.", fields=faults)


def must_be_password(password: str, *, email: str) -> None:
    """Long, not the address, not one of those that everybody tries first."""
    fault = ""
    if len(password) < SHORTEST_PASSWORD:
        fault = f"Use at least {SHORTEST_PASSWORD} characters. A few words in a row are fine."
    elif len(password) > LONGEST_PASSWORD:
        fault = f"Use at most {LONGEST_PASSWORD} characters."
    elif len(set(password.lower())) < 5 or password.lower() in (email, email.split("@", maxsplit=1)[0] * 2):
        fault = "This is too easy to guess. A few words in a row are fine."
    if fault:
        raise WrongPerson(fault, fields={"password": fault})


def _unprintable(text: str) -> bool:
    return any(not character.isprintable() for character in text)
