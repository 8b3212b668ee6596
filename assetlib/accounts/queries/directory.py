"""Who is in the house: lists that are searched, filtered and turned over page by page."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from assetlib.accounts.errors import NoSuchGroup
from assetlib.accounts.models import (
    Group,
    GroupMember,
    OneTimeLink,
    Organisation,
    Person,
    PersonSession,
    RoleGrant,
)
from assetlib.paging import Page
from assetlib.words import say

STATES = ("invited", "active", "suspended", "closed")
SORTS = ("name", "organisation", "seen", "added")


@dataclass(frozen=True)
class Wanted:
    """What a list of people is narrowed by; empty: by nothing."""

    text: str = ""
    organisation_id: int | None = None
    role: str = ""
    group_id: int | None = None
    state: str = ""
    sort: str = "name"

    @property
    def is_narrow(self) -> bool:
        return bool(self.text or self.organisation_id or self.role or self.group_id or self.state)


@dataclass(frozen=True)
class Entry:
    """A person in a list, with what only the list asks of them."""

    person: Person
    groups: Sequence[Group] = field(default_factory=tuple)
    seen_at: datetime | None = None


def people_page(session: Session, wanted: Wanted, *, number: int, size: int) -> Page[Entry]:
    """Some people, with organisation, roles, groups and when they were last seen; six statements."""
    where = _where(wanted)
    total = session.scalar(select(func.count()).select_from(Person).where(*where)) or 0
    seen = (
        select(PersonSession.person_id, func.max(PersonSession.seen_at).label("seen_at"))
        .group_by(PersonSession.person_id)
        .subquery()
    )
    rows = session.execute(
        _sorted(
            select(Person, seen.c.seen_at)
            .join(Person.organisation)
            .outerjoin(seen, seen.c.person_id == Person.id)
            .where(*where),
            wanted.sort,
            seen.c.seen_at,
        )
        .options(joinedload(Person.organisation), selectinload(Person.grants))
        .limit(size)
        .offset((number - 1) * size)
    ).all()
    groups = groups_of(session, [person.id for person, _ in rows])
    entries = [Entry(person, groups.get(person.id, ()), seen_at) for person, seen_at in rows]
    return Page(entries, number, size, total)


def _where(wanted: Wanted) -> list[ColumnElement[bool]]:
    where: list[ColumnElement[bool]] = [
        or_(Person.name.icontains(word, autoescape=True), Person.email.icontains(word, autoescape=True))
        for word in wanted.text.split()[:8]
    ]
    if wanted.organisation_id:
        where.append(Person.organisation_id == wanted.organisation_id)
    if wanted.state:
        where.append(Person.state == wanted.state)
    if wanted.group_id:
        where.append(
            Person.id.in_(select(GroupMember.person_id).where(GroupMember.group_id == wanted.group_id))
        )
    if wanted.role:
        of_a_group = select(GroupMember.person_id).join(RoleGrant, RoleGrant.group_id == GroupMember.group_id)
        where.append(
            or_(
                Person.id.in_(select(RoleGrant.person_id).where(RoleGrant.role == wanted.role)),
                Person.id.in_(of_a_group.where(RoleGrant.role == wanted.role)),
            )
        )
    return where


def _sorted(
    chosen: Select[Person, datetime], sort: str, seen_at: ColumnElement[datetime]
) -> Select[Person, datetime]:
    by_name = (func.lower(Person.name), Person.id)
    match sort:
        case "organisation":
            return chosen.order_by(func.lower(Organisation.name), *by_name)
        case "seen":
            return chosen.order_by(seen_at.desc().nulls_last(), *by_name)
        case "added":
            return chosen.order_by(Person.created_at.desc(), *by_name)
    return chosen.order_by(*by_name)


def groups_of(session: Session, person_ids: Iterable[int]) -> dict[int, list[Group]]:
    """Person id → groups with their roles, by name."""
    found: dict[int, list[Group]] = {}
    rows = session.execute(
        select(GroupMember.person_id, Group)
        .join(Group, Group.id == GroupMember.group_id)
        .where(GroupMember.person_id.in_(list(person_ids)))
        .options(selectinload(Group.grants))
        .order_by(func.lower(Group.name))
    )
    for person_id, group in rows:
        found.setdefault(person_id, []).append(group)
    return found


def last_invitation(session: Session, person_id: int) -> OneTimeLink | None:
    """The invitation that was sent last, whether or not its link still opens."""
    return session.scalars(
        select(OneTimeLink)
        .where(OneTimeLink.person_id == person_id, OneTimeLink.purpose == "invitation")
        .order_by(OneTimeLink.id.desc())
        .limit(1)
    ).one_or_none()


@dataclass(frozen=True)
class OrganisationEntry:
    organisation: Organisation
    people: int
    """Those who are not closed."""


def organisations_page(
    session: Session, *, text: str = "", state: str = "", kind: str = "", number: int, size: int
) -> Page[OrganisationEntry]:
    """Organisations with how many people they have, the own one first."""
    where: list[ColumnElement[bool]] = []
    if text:
        where.append(Organisation.name.icontains(text, autoescape=True))
    if state:
        where.append(Organisation.state == state)
    if kind:
        where.append(Organisation.kind == kind)
    total = session.scalar(select(func.count()).select_from(Organisation).where(*where)) or 0
    people = (
        select(func.count())
        .where(Person.organisation_id == Organisation.id, Person.state != "closed")
        .correlate(Organisation)
        .scalar_subquery()
    )
    rows = session.execute(
        select(Organisation, people)
        .where(*where)
        .order_by(Organisation.kind != "own", func.lower(Organisation.name))
        .limit(size)
        .offset((number - 1) * size)
    ).all()
    return Page([OrganisationEntry(*row) for row in rows], number, size, total)


def groups_reaching(session: Session, organisation_id: int) -> list[tuple[Group, int]]:
    """Groups that people of this organisation are in, and how many of them."""
    rows = session.execute(
        select(Group, func.count(Person.id))
        .join(GroupMember, GroupMember.group_id == Group.id)
        .join(Person, Person.id == GroupMember.person_id)
        .where(Person.organisation_id == organisation_id)
        .group_by(Group.id)
        .order_by(func.lower(Group.name))
        .options(selectinload(Group.grants))
    )
    return [(group, count) for group, count in rows]


@dataclass(frozen=True)
class GroupEntry:
    group: Group
    people: int


def groups_page(session: Session, *, text: str = "", number: int, size: int) -> Page[GroupEntry]:
    """Groups with their roles and how many people are in them."""
    where = [Group.name.icontains(text, autoescape=True)] if text else []
    total = session.scalar(select(func.count()).select_from(Group).where(*where)) or 0
    people = select(func.count()).where(GroupMember.group_id == Group.id).correlate(Group).scalar_subquery()
    rows = session.execute(
        select(Group, people)
        .where(*where)
        .options(selectinload(Group.grants))
        .order_by(func.lower(Group.name))
        .limit(size)
        .offset((number - 1) * size)
    ).all()
    return Page([GroupEntry(*row) for row in rows], number, size, total)


def all_groups(session: Session) -> list[Group]:
    """Every group with its roles, by name."""
    return list(
        session.scalars(select(Group).options(selectinload(Group.grants)).order_by(func.lower(Group.name)))
    )


def names_of_groups(session: Session) -> dict[int, str]:
    """Group id → name, by name: for those who only choose one."""
    rows = session.execute(select(Group.id, Group.name).order_by(func.lower(Group.name)))
    return {row.id: row.name for row in rows}


def get_group(session: Session, group_id: int) -> Group:
    """The group with its roles."""
    group = session.scalars(
        select(Group).where(Group.id == group_id).options(selectinload(Group.grants))
    ).one_or_none()
    if group is None:
        raise NoSuchGroup(say("There is no such group. It may have been deleted."))
    return group


def members_page(session: Session, group_id: int, *, number: int, size: int) -> Page[Person]:
    """People of a group, by name, with their organisation."""
    of = select(GroupMember.person_id).where(GroupMember.group_id == group_id)
    total = session.scalar(select(func.count()).select_from(of.subquery())) or 0
    rows = session.scalars(
        select(Person)
        .where(Person.id.in_(of))
        .options(joinedload(Person.organisation), selectinload(Person.grants))
        .order_by(func.lower(Person.name), Person.id)
        .limit(size)
        .offset((number - 1) * size)
    ).all()
    return Page(rows, number, size, total)


def newcomers_to(session: Session, group_id: int, *, text: str, most: int) -> tuple[list[Person], int]:
    """The first of those who could be put into a group, by name, and how many they are. Two statements."""
    where = [*_where(Wanted(text=text)), *_could_join(group_id)]
    total = session.scalar(select(func.count()).select_from(Person).where(*where)) or 0
    return _by_name(session, select(Person).where(*where).limit(most)), total


def chosen_for(session: Session, group_id: int, person_ids: Iterable[int]) -> list[Person]:
    """Those of these people who could be put into a group, by name. One statement."""
    return _by_name(session, select(Person).where(Person.id.in_(list(person_ids)), *_could_join(group_id)))


def _could_join(group_id: int) -> list[ColumnElement[bool]]:
    inside = select(GroupMember.person_id).where(GroupMember.group_id == group_id)
    return [Person.state.in_(("invited", "active")), Person.id.not_in(inside)]


def those_who_can_take_over(session: Session, person: Person) -> list[Person]:
    """Colleagues of somebody who leaves: active, and with a role of their own or by a group; by name."""
    of_a_group = select(GroupMember.person_id).join(RoleGrant, RoleGrant.group_id == GroupMember.group_id)
    chosen = select(Person).where(
        Person.organisation_id == person.organisation_id,
        Person.id != person.id,
        Person.state == "active",
        or_(Person.id.in_(select(RoleGrant.person_id)), Person.id.in_(of_a_group)),
    )
    return _by_name(session, chosen)


def those_who_can_come(session: Session, *, of: int | None = None, suspended: bool = False) -> list[Person]:
    """Everybody who is invited or active, by name; of one organisation; the suspended ones too."""
    states = ("invited", "active", "suspended") if suspended else ("invited", "active")
    chosen = select(Person).where(Person.state.in_(states))
    if of is not None:
        chosen = chosen.where(Person.organisation_id == of)
    return _by_name(session, chosen)


def _by_name(session: Session, chosen: Select[Person]) -> list[Person]:
    """These people with their organisations."""
    return list(
        session.scalars(
            chosen.options(joinedload(Person.organisation)).order_by(func.lower(Person.name), Person.id)
        )
    )
