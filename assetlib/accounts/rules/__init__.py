"""What an account may look like. Plain values, no database, no clock."""

import re
import unicodedata
from collections.abc import Iterable

from assetlib.access.actor import ROLES
from assetlib.accounts.errors import WrongPerson
from assetlib.accounts.rules.guessing import is_guessed_first
from assetlib.accounts.rules.roles import ROLES_OF_KIND, in_words
from assetlib.words import say

__all__ = [
    "AROUND", "LONGEST_PASSWORD", "ROLES_OF_KIND", "SHORTEST_PASSWORD", "fault_of_name", "is_address",
    "is_name", "is_same_name",
    "must_be_password", "must_be_person", "tidy_address",
]  # fmt: skip

AROUND = say("A name neither begins nor ends with a blank. Remove it.")
LONGEST_NAME = 200
TOO_LONG = say("A name has up to 200 characters. Shorten it.")
HIDDEN = say("This name holds a character that cannot be seen. Type it again.")
SHORTEST_PASSWORD = 12
LONGEST_PASSWORD = 200
_ADDRESS = re.compile(r"[^@\s]{1,64}@[^@\s]{1,180}\.[^@\s.]{2,60}")


def tidy_address(text: str) -> str:
    """The one spelling of an address under which a person is kept."""
    return text.strip().lower()


def must_be_person(*, name: str, email: str, roles: Iterable[str], organisation_kind: str) -> None:
    """Nothing, or `WrongPerson` with a sentence per field."""
    faults: dict[str, str] = {}
    if not name.strip():
        faults["name"] = say("Give the person's name.")
    elif name != name.strip():
        faults["name"] = AROUND
    elif not is_name(name):
        faults["name"] = say("A name has up to 200 characters, none of them a control character.")
    if not is_address(email):
        faults["email"] = say("Write an address like name@company.example.")
    unknown = set(roles) - set(ROLES)
    unfit = set(roles) - ROLES_OF_KIND.get(organisation_kind, frozenset()) - unknown
    if unknown:
        faults["roles"] = say("There is no role {roles}.", roles=sorted(unknown))
    elif unfit:
        faults["roles"] = say("People of this organisation cannot be {roles}.", roles=in_words(sorted(unfit)))
    if faults:
        raise WrongPerson(say("Some of this cannot be taken. Look at the marked fields."), fields=faults)


def must_be_password(password: str, *, email: str, name: str = "") -> None:
    """Long, not made of address and name, not one of those that everybody tries first."""
    fault = ""
    if len(password) < SHORTEST_PASSWORD:
        fault = say(
            "Use at least {least} characters. A few words in a row are fine.", least=SHORTEST_PASSWORD
        )
    elif len(password) > LONGEST_PASSWORD:
        fault = say("Use at most {most} characters.", most=LONGEST_PASSWORD)
    elif is_guessed_first(password, {email, *re.split(r"[\W_]+", f"{email} {name}"), "assetlib"}):
        fault = say("This is too easy to guess. A few words in a row are fine.")
    if fault:
        raise WrongPerson(fault, fields={"password": fault})


def same_as_before() -> WrongPerson:
    """The refusal of a new password that is the present one."""
    fault = say("This is the password you have. Choose another one.")
    return WrongPerson(fault, fields={"password": fault})


def is_address(text: str) -> bool:
    """Whether it looks like an address that somebody could be kept under."""
    return bool(_ADDRESS.fullmatch(text)) and len(text) <= 254 and text.isprintable()


def is_name(text: str) -> bool:
    """Whether a person or an organisation may be called so: any script, nothing hidden or around it."""
    return (
        bool(text)
        and text == text.strip()
        and len(text) <= LONGEST_NAME
        and not any(_is_hidden(each) for each in text)
    )


def is_same_name(one: str, other: str) -> bool:
    """Whether two names differ in nothing that people hear: not in case, nor in how many blanks."""
    return _heard(one) == _heard(other)


def _heard(name: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def fault_of_name(name: str, missing: str) -> str:
    """Why nothing may be called so; `missing` when there is no name, nothing when it may."""
    if is_name(name):
        return ""
    if not name.strip():
        return missing
    if name != name.strip():
        return AROUND
    return TOO_LONG if len(name) > LONGEST_NAME else HIDDEN


_JOINERS = "\u200c\u200d"  # Persian, Hindi and emoji cannot be written without them


def _is_hidden(character: str) -> bool:
    if character in _JOINERS:
        return False
    return unicodedata.category(character) in ("Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp")
