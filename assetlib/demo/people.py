"""People of the demo come, are given groups and duties, make tokens, are invited, shut out, or leave."""

from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from functools import partial

from sqlalchemy import select
from sqlalchemy.orm import Session

from assetlib.access.actor import SYSTEM
from assetlib.accounts.actions import (
    add_organisation,
    add_person,
    invite_person,
    set_password,
    suspend_person,
)
from assetlib.accounts.actions.grants import grant_duty
from assetlib.accounts.actions.groups import add_group, set_group_roles
from assetlib.accounts.actions.own import set_language
from assetlib.accounts.actions.tokens import make_token, revoke_token
from assetlib.accounts.models import ApiToken, Group, Organisation, Person
from assetlib.accounts.passwords import hash_password
from assetlib.accounts.rules.roles import DutyAt
from assetlib.catalog.actions.collections import make_collection
from assetlib.catalog.actions.handing_over import HAND_ON
from assetlib.catalog.queries.actors import actor_of
from assetlib.catalog.queries.scopes import known_scopes
from assetlib.demo.company import GONE, GROUPS, INVITED, ORGANISATIONS, PASSWORD, PEOPLE, Colleague
from assetlib.demo.library import Act, Library
from assetlib.goodbyes import let_go
from assetlib.house import House

_CENTS = 100


def add_company(house: House) -> dict[str, int]:
    """Organisations, groups, and everybody whose role is for the whole library; who has which id."""
    with house.database.transaction() as session:
        for name, kind in ORGANISATIONS.items():
            add_organisation(session, SYSTEM, name=name, kind=kind)
        for name, (purpose, roles) in GROUPS.items():
            set_group_roles(
                session, SYSTEM, add_group(session, SYSTEM, name=name, description=purpose), roles
            )
    return _add(house, {key: each for key, each in {**PEOPLE, **GONE}.items() if not each.is_of_a_part})


def add_people_of_a_part(house: House) -> dict[str, int]:
    """Everybody whose role is for a brand or a region, once there are brands; who has which id."""
    return _add(house, {key: each for key, each in PEOPLE.items() if each.is_of_a_part})


def _add(house: House, colleagues: Mapping[str, Colleague]) -> dict[str, int]:
    kept = hash_password(PASSWORD)  # one for all: hashing is slow on purpose
    ids = {}
    with house.database.transaction() as session:
        known = known_scopes(session)
        for key, each in colleagues.items():
            person = add_person(
                session,
                SYSTEM,
                _organisation(session, each.organisation),
                name=each.name,
                email=each.email,
                roles=each.roles,
                groups=_groups(session, each),
                known=known,
            )
            set_password(session, SYSTEM, person, PASSWORD, password_hash=kept)
            ids[key] = person.id
        for key, each in colleagues.items():
            if each.locale or each.zone:
                person = session.get_one(Person, ids[key])
                himself = actor_of(session, person.id)
                set_language(session, himself, person, language=each.locale, time_zone=each.zone)
    return ids


def come_and_go(library: Library) -> Iterator[tuple[int, Act]]:
    """Days ago, and what happens to people then."""
    acts: tuple[tuple[int, Callable[[Library, Session], None]], ...] = (
        (340, _give_duties),
        (120, _make_tokens),
        (70, _begin_a_fair),
        (31, _suspend_viktor),
        (26, _revoke_a_token),
        (25, _let_anselm_go),
        (17, partial(_invite, key="juno", message="We would like to see your winter reels here.")),
        (2, partial(_invite, key="samir", message="")),
    )
    for days, act in acts:
        yield days, partial(_do, library, act)


def _do(library: Library, act: Callable[[Library, Session], None]) -> None:
    with library.house.database.transaction() as session:
        act(library, session)


def _give_duties(library: Library, session: Session) -> None:
    for key, each in PEOPLE.items():
        # Nobody gives themselves a duty.
        giver = library.acting(session, "henrik" if key == "ida" else "ida")
        for duty, euros in each.duties:
            wanted = DutyAt(duty) if euros is None else _up_to(duty, euros)
            grant_duty(session, giver, _person(library, session, key), wanted)


def _up_to(duty: str, euros: int) -> DutyAt:
    return DutyAt(duty, limit_minor=euros * _CENTS, currency="EUR")


def _make_tokens(library: Library, session: Session) -> None:
    until = library.today + timedelta(days=200)
    for key, name, scopes in (
        ("mira", "Web shop, pictures of products", ("read", "download")),
        ("ida", "People list of the personnel office", ("read", "administer")),
        ("ida", "Trial of the nightly report", ("read",)),
    ):
        person = _person(library, session, key)
        make_token(session, library.acting(session, key), person, name=name, scopes=scopes, until=until)


def _revoke_a_token(library: Library, session: Session) -> None:
    ida = library.acting(session, "ida")
    row = session.scalars(select(ApiToken).where(ApiToken.name == "Trial of the nightly report")).one()
    revoke_token(session, ida, row)


def _begin_a_fair(library: Library, session: Session) -> None:
    anselm = library.acting(session, "anselm")
    make_collection(session, anselm, name="Fair Friedrichshafen", description="Hall B2, wall and counter")


def _suspend_viktor(library: Library, session: Session) -> None:
    suspend_person(session, library.acting(session, "henrik"), _person(library, session, "viktor"))


def _let_anselm_go(library: Library, session: Session) -> None:
    """His collection goes on with Jonas."""
    leaver, heir = (_person(library, session, key) for key in ("anselm", "jonas"))
    let_go(session, library.acting(session, "ida"), leaver, to=heir, shares=HAND_ON)


def _invite(library: Library, session: Session, *, key: str, message: str) -> None:
    each = INVITED[key]
    invite_person(
        session,
        library.acting(session, "ida"),
        _organisation(session, each.organisation),
        name=each.name,
        email=each.email,
        roles=each.roles,
        known=known_scopes(session),
        message=message,
    )


def _person(library: Library, session: Session, key: str) -> Person:
    return session.get_one(Person, library.id_of(key))


def _organisation(session: Session, name: str) -> Organisation:
    return session.scalars(select(Organisation).where(Organisation.name == name)).one()


def _groups(session: Session, each: Colleague) -> list[Group]:
    return list(session.scalars(select(Group).where(Group.name.in_(each.groups)).order_by(Group.id)))
