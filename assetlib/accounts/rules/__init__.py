"""What an account may look like. Plain values, no database, no clock."""

import re
import unicodedata
from collections.abc import Iterable

from assetlib.access.actor import (
    ADMINISTRATOR,
    AGENCY_CONTRIBUTOR,
    FIELD_MARKETER,
    FINANCE,
    LIBRARIAN,
    PARTNER,
    PLANNER,
    REVIEWER,
    ROLES,
)
from assetlib.accounts.errors import WrongPerson

AROUND = "A name neither begins nor ends with a blank. Remove it."
SHORTEST_PASSWORD = 12
LONGEST_PASSWORD = 200
ROLES_OF_KIND = {
    "own": frozenset({ADMINISTRATOR, LIBRARIAN, PLANNER, FINANCE, FIELD_MARKETER, REVIEWER}),
    "agency": frozenset({AGENCY_CONTRIBUTOR, REVIEWER}),
    "partner": frozenset({PARTNER, REVIEWER}),
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
    elif name != name.strip():
        faults["name"] = AROUND
    elif not is_name(name):
        faults["name"] = "A name has up to 200 characters, none of them a control character."
    if not is_address(email):
        faults["email"] = "Write an address like name@company.example."
    unknown = set(roles) - set(ROLES)
    unfit = set(roles) - ROLES_OF_KIND.get(organisation_kind, frozenset()) - unknown
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


def is_address(text: str) -> bool:
    """Whether it looks like an address that somebody could be kept under."""
    return bool(_ADDRESS.fullmatch(text)) and len(text) <= 254 and text.isprintable()


def is_name(text: str) -> bool:
    """Whether a person or an organisation may be called so: any script, nothing hidden or around it."""
    return (
        bool(text)
        and text == text.strip()
        and len(text) <= 200
        and not any(_is_hidden(each) for each in text)
    )


_JOINERS = "\u200c\u200d"  # Persian, Hindi and emoji cannot be written without them


def _is_hidden(character: str) -> bool:
    if character in _JOINERS:
        return False
    return unicodedata.category(character) in ("Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp")
