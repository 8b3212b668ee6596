"""People, organisations and groups as their pages show them."""

from collections.abc import Iterable
from contextlib import suppress
from itertools import zip_longest
from typing import Any

from flask import request
from werkzeug.datastructures import MultiDict

from assetlib import language, money
from assetlib.access.actor import ROLES
from assetlib.accounts.errors import WrongPerson
from assetlib.accounts.models import DutyGrant, Group, RoleGrant
from assetlib.accounts.rules.roles import (
    DUTY_LABELS,
    EVERYWHERE,
    EVERYWHERE_ONLY,
    NOWHERE,
    OF_PERSONS_ONLY,
    ROLE_LABELS,
    ROLES_OF_KIND,
    DutyAt,
    Known,
    RoleAt,
    role_at,
)
from assetlib.web.forms import row_number
from assetlib.words import listed, say

STATES = {
    "invited": {"icon": "send", "label": say("Invited"), "tone": "info"},
    "active": {"icon": "circle-check", "label": say("Active"), "tone": "ok"},
    "suspended": {"icon": "ban", "label": say("Suspended"), "tone": "bad"},
    "closed": {"icon": "archive", "label": say("Closed"), "tone": "ink"},
}
KIND_LABELS = {"own": say("Own company"), "agency": say("Agency"), "partner": say("Partner")}
SCOPE_LABELS = {
    "organisation": say("Organisations"),
    "brand": say("Brands"),
    "region": say("Regions"),
}
SECTIONS = (
    (say("People"), "/people"),
    (say("Organisations"), "/people/organisations"),
    (say("Groups"), "/people/groups"),
)
PAGE_SIZE = 50


def sections(current: str) -> list[tuple[str, str, bool]]:
    """The three lists as tabs."""
    return [(label, url, url == current) for label, url in SECTIONS]


def role_words(role: RoleAt, known: Known) -> str:
    """Librarian, or Librarian for Northwind Kids."""
    label = ROLE_LABELS.get(role.role, role.role)
    if role.kind == EVERYWHERE:
        return label
    return say("{role} for {where}", role=label, where=known.get(role.kind, {}).get(role.key, role.key))


def roles_words(grants: Iterable[RoleGrant], known: Known) -> list[str]:
    """The same of rows, those that hold everywhere first, in the order of the roles."""
    held = [RoleAt(each.role, each.scope_kind, each.scope_key) for each in grants]
    order = {role: place for place, role in enumerate(ROLES)}
    held.sort(key=lambda each: (order.get(each.role, 99), each.kind != EVERYWHERE, each.key))
    return [role_words(each, known) for each in held]


def part_words(grants: Iterable[RoleGrant], groups: Iterable[Group], known: Known) -> list[str]:
    """A person's roles, then those that groups give them."""
    words = roles_words(grants, known)
    for group in groups:
        for each in roles_words(group.grants, known):
            words.append(say("{role} by {group}", role=each, group=group.name))
    return words


def role_choices(kind: str | None, held: Iterable[RoleAt], known: Known) -> list[tuple[str, str]]:
    """Boxes: every role that fits, everywhere; then those that are held for a part already.

    `kind` is that of the organisation; None: of a group; empty: nobody has chosen yet.
    """
    if kind is None:
        fit = [each for each in ROLES if each not in OF_PERSONS_ONLY]
    else:
        fit = [each for each in ROLES if not kind or each in ROLES_OF_KIND[kind]]
    parts = sorted(each for each in held if each.kind != EVERYWHERE)
    return [(each, _whose(each, kind)) for each in fit] + [
        (str(each), role_words(each, known)) for each in parts
    ]


def _whose(role: str, kind: str | None) -> str:
    label = ROLE_LABELS[role]
    if kind:
        return label
    of = {
        "agency": say("{role} (agencies)", role=label),
        "partner": say("{role} (partners)", role=label),
    }
    fits = [each for each, roles in ROLES_OF_KIND.items() if role in roles]
    return of.get(fits[0], label) if len(fits) == 1 else label


def scoped_roles(kind: str | None) -> list[tuple[str, str]]:
    """Roles that can be held for a part, as choices."""
    fit = [each for each in ROLES if each not in EVERYWHERE_ONLY]
    if kind:
        fit = [each for each in fit if each in ROLES_OF_KIND[kind]]
    return [(each, ROLE_LABELS[each]) for each in fit]


def where_choices(known: Known) -> list[tuple[str, list[tuple[str, str]]]]:
    """Parts that something can be held for: (heading, [(value, label)])."""
    return [
        (SCOPE_LABELS[kind], [(f"{kind}:{key}", label) for key, label in choices.items()])
        for kind, choices in known.items()
        if choices
    ]


def roles_typed() -> list[RoleAt]:
    """The ticked boxes of the form, and the role for a part that was added below them.

    Where the part was not chosen it is for no part at all, which no rule takes; never for everywhere.
    """
    found = roles_ticked()
    for role, where in zip_longest(request.form.getlist("role"), request.form.getlist("where")):
        if role:
            found.append(role_at(f"{role}@{where}") if where else RoleAt(role, NOWHERE))
    return found


def roles_ticked() -> list[RoleAt]:
    """The same without a role whose part is yet to be chosen, as the form comes back."""
    found = [role_at(each) for each in request.form.getlist("roles")[:100]]
    for role, where in zip(request.form.getlist("role"), request.form.getlist("where"), strict=False):
        if role and where:
            found.append(role_at(f"{role}@{where}"))
    return found


def role_without_part() -> str:
    """The role in the sent form whose part is yet to be chosen."""
    form = request.form
    return "" if form.get("where") else form.get("role", "")


def numbers_typed(name: str, where: MultiDict[str, str] | None = None) -> list[int]:
    """The rows that were ticked, in the sent form or in `where`; what no row can have is left out."""
    found = set()
    for each in (request.form if where is None else where).getlist(name)[:500]:
        with suppress(ValueError):
            found.add(row_number(each))
    return sorted(found)


def duty_typed() -> DutyAt:
    """The duty of the form, or `WrongPerson` when its limit cannot be read."""
    form = request.form
    kind, _, key = form.get("where", EVERYWHERE).partition(":")
    typed, currency = form.get("limit", "").strip(), form.get("currency", "")
    if not typed:
        return DutyAt(form.get("duty", ""), kind or EVERYWHERE, key)
    try:
        minor = money.read_amount(typed, currency, language.language())
    except money.NoAmount as fault:
        at = "limit" if currency in money.currencies() else "currency"
        raise WrongPerson(fault.sentence, fields={at: fault.sentence}) from fault
    return DutyAt(form.get("duty", ""), kind or EVERYWHERE, key, minor, currency)


def duty_in_words(row: DutyGrant, known: Known) -> str:
    """Budget approver, everywhere, up to €1,500.00: as it was read."""
    view = duty_view(row, known)
    return listed([view["label"], view["where"], view["limit"]])


def duty_view(row: DutyGrant, known: Known) -> dict[str, Any]:
    where = (
        say("Everywhere")
        if row.scope_kind == EVERYWHERE
        else known.get(row.scope_kind, {}).get(row.scope_key, row.scope_key)
    )
    limit = (
        say("No limit")
        if row.limit_minor is None
        else money.amount_in_words(row.limit_minor, row.currency, language.language())
    )
    return {"id": row.id, "label": DUTY_LABELS[row.duty], "where": where, "limit": limit}
