"""Which roles and duties somebody can be given, and where."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from assetlib import money
from assetlib.access.actor import (
    ADMINISTRATOR,
    AGENCY_CONTRIBUTOR,
    FIELD_MARKETER,
    FINANCE,
    LIBRARIAN,
    PARTNER,
    PLANNER,
    REVIEWER,
)
from assetlib.accounts.errors import WrongPerson
from assetlib.words import listed, say

ROLE_LABELS = {
    ADMINISTRATOR: say("Administrator"),
    LIBRARIAN: say("Librarian"),
    PLANNER: say("Planner"),
    FINANCE: say("Finance"),
    FIELD_MARKETER: say("Field marketer"),
    REVIEWER: say("Reviewer"),
    AGENCY_CONTRIBUTOR: say("Agency contributor"),
    PARTNER: say("Partner"),
}
DUTY_LABELS = {
    "plan_approver": say("Plan approver"),
    "budget_approver": say("Budget approver"),
    "po_approver": say("Purchase order approver"),
    "vendor_maintainer": say("Vendor maintainer"),
    "receipt_acceptor": say("Receipt acceptor"),
    "invoice_enterer": say("Invoice enterer"),
    "invoice_approver": say("Invoice approver"),
    "period_closer": say("Period closer"),
}
ROLES_OF_KIND = {
    "own": frozenset({ADMINISTRATOR, LIBRARIAN, PLANNER, FINANCE, FIELD_MARKETER, REVIEWER}),
    "agency": frozenset({AGENCY_CONTRIBUTOR, REVIEWER}),
    "partner": frozenset({PARTNER, REVIEWER}),
}
EVERYWHERE_ONLY = frozenset({ADMINISTRATOR, FINANCE})
"""People, tokens and settings are the whole house's, and so are its books; who approves which money is said
by duties, which have scopes and limits of their own."""
OF_PERSONS_ONLY = frozenset({ADMINISTRATOR})
"""Never given to a group, so that nobody becomes an administrator by being put into one."""
MOST_ROLES = 50
EVERYWHERE = "everywhere"
NOWHERE = ""
"""The part is yet to be chosen."""
SCOPE_KINDS = (EVERYWHERE, "organisation", "brand", "region")

Known = Mapping[str, Mapping[str, str]]
"""Kind of scope → key → what it is called: all that a role can be held for now."""
NOTHING_KNOWN: Known = {}


@dataclass(frozen=True, order=True)
class RoleAt:
    """A role, and where it is held. Written `librarian` or `librarian@brand:kids`."""

    role: str
    kind: str = EVERYWHERE
    key: str = ""

    def __str__(self) -> str:
        return self.role if self.kind == EVERYWHERE else f"{self.role}@{self.kind}:{self.key}"


@dataclass(frozen=True, order=True)
class DutyAt:
    """A duty, where it is held, and up to which amount; None: without a limit."""

    duty: str
    kind: str = EVERYWHERE
    key: str = ""
    limit_minor: int | None = None
    currency: str = ""


def role_at(text: str) -> RoleAt:
    """What was written, whether or not there is such a role or scope."""
    role, _, scope = text.strip().partition("@")
    kind, _, key = scope.partition(":")
    return RoleAt(role, kind or EVERYWHERE, key)


def roles_at(roles: Iterable[str | RoleAt]) -> frozenset[RoleAt]:
    """The same, each once."""
    return frozenset(each if isinstance(each, RoleAt) else role_at(each) for each in roles)


def must_be_roles(
    wanted: frozenset[RoleAt],
    *,
    organisation_kind: str | None,
    known: Known = NOTHING_KNOWN,
    held: frozenset[RoleAt] = frozenset(),
) -> None:
    """Nothing, or `WrongPerson` with a sentence for the field `roles`.

    `organisation_kind` is None for a group. What is `held` already may stay, even if its scope is gone.
    """
    fault = _fault(wanted - held, organisation_kind, known)
    if not fault and len(wanted) > MOST_ROLES:
        fault = say("Give at most {most} roles.", most=MOST_ROLES)
    if fault:
        raise WrongPerson(fault, fields={"roles": fault})


def _fault(wanted: frozenset[RoleAt], organisation_kind: str | None, known: Known) -> str:
    roles = sorted({each.role for each in wanted})
    unknown = [each for each in roles if each not in ROLE_LABELS]
    if unknown:
        return say("There is no role {roles}.", roles=[each[:40] for each in unknown])
    if organisation_kind is None:
        not_of_groups = [each for each in roles if each in OF_PERSONS_ONLY]
        if not_of_groups:
            return say("A group cannot be {roles}. Give that to a person.", roles=in_words(not_of_groups))
    else:
        unfit = [each for each in roles if each not in ROLES_OF_KIND.get(organisation_kind, frozenset())]
        if unfit:
            return say("People of this organisation cannot be {roles}.", roles=in_words(unfit))
    scoped = [each for each in roles if each in EVERYWHERE_ONLY and RoleAt(each) not in wanted]
    if scoped or any(each.role in EVERYWHERE_ONLY and each.kind != EVERYWHERE for each in wanted):
        return say("Administrators and finance are so everywhere, not for a part. Give duties for a part.")
    return next((fault for each in sorted(wanted) if (fault := scope_fault(each.kind, each.key, known))), "")


def scope_fault(kind: str, key: str, known: Known) -> str:
    """Why nothing can be held for that, as a sentence; empty when it can."""
    if kind == NOWHERE:
        return say("Choose the part that the role is for.")
    if kind not in SCOPE_KINDS:
        return say("Choose everywhere, an organisation, a brand or a region.")
    if kind == EVERYWHERE:
        return "" if not key else say("Everywhere has nothing behind it.")
    if key in known.get(kind, {}):
        return ""
    return {
        "organisation": say("There is no such organisation. Choose another one."),
        "brand": say("There is no such brand. Choose another one."),
        "region": say("There is no such region. Choose another one."),
    }[kind]


def in_words(roles: Iterable[str]) -> str:
    """The labels of some roles in a row."""
    return listed([ROLE_LABELS.get(each, each) for each in roles])


def must_be_duty(wanted: DutyAt, *, organisation_kind: str, known: Known = NOTHING_KNOWN) -> None:
    """Nothing, or `WrongPerson` with a sentence per field: duty, where, limit, currency."""
    faults: dict[str, str] = {}
    if wanted.duty not in DUTY_LABELS:
        faults["duty"] = say("Choose a duty.")
    elif organisation_kind != "own":
        faults["duty"] = say("Duties are held by people of the own company.")
    if fault := scope_fault(wanted.kind, wanted.key, known):
        faults["where"] = fault
    if wanted.limit_minor is None:
        if wanted.currency:
            faults["limit"] = say("Write the amount, or choose no currency.")
    elif not 0 <= wanted.limit_minor <= money.LARGEST:
        faults["limit"] = say("Write an amount that is not below zero.")
    elif wanted.currency not in money.currencies():
        faults["currency"] = say("Choose the currency of the limit.")
    if faults:
        raise WrongPerson(say("Some of this cannot be taken. Look at the marked fields."), fields=faults)
