"""Keys with which programs act in people's names: who stands behind one, and which there are."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import ColumnElement, and_, or_, select, update
from sqlalchemy.orm import Session, joinedload

from assetlib import clock
from assetlib.accounts.errors import NoSuchToken
from assetlib.accounts.models import ApiToken, Organisation, Person
from assetlib.accounts.sessions import hash_of, may_sign_in
from assetlib.words import say

PREFIX = "alt_"
LONGEST = 64
USED_EVERY = timedelta(hours=1)


def find_token(session: Session, token: str) -> ApiToken | None:
    """The living token, with person and organisation; None when it opens nothing, or they may not come in."""
    if not token.startswith(PREFIX) or len(token) > LONGEST or not token.isascii():
        return None
    return _find(session, ApiToken.token_hash == hash_of(token))


def token_again(session: Session, token_id: int) -> ApiToken | None:
    """The same, of a program that was let in before and is still being answered."""
    return _find(session, ApiToken.id == token_id)


def _find(session: Session, which: ColumnElement[bool]) -> ApiToken | None:
    row = session.scalars(
        select(ApiToken)
        .where(which, living_tokens())
        .options(joinedload(ApiToken.person).joinedload(Person.organisation))
    ).one_or_none()
    return row if row is not None and may_sign_in(row.person) else None


def get_token(session: Session, token_id: int) -> ApiToken:
    row = session.get(ApiToken, token_id, options=[joinedload(ApiToken.person)])
    if row is None:
        raise NoSuchToken(say("There is no such token."))
    return row


def tokens_of(session: Session, person_id: int) -> Sequence[ApiToken]:
    """The person's living tokens, the newest first."""
    return session.scalars(
        select(ApiToken).where(ApiToken.person_id == person_id, living_tokens()).order_by(ApiToken.id.desc())
    ).all()


def all_tokens(session: Session, *, of: int | None = None) -> Sequence[ApiToken]:
    """Every living token, or those of one person, with person and organisation, by organisation and name."""
    return session.scalars(
        select(ApiToken)
        .join(ApiToken.person)
        .join(Person.organisation)
        .where(living_tokens(), *([ApiToken.person_id == of] if of is not None else []))
        .options(joinedload(ApiToken.person).joinedload(Person.organisation))
        .order_by(Organisation.name, Person.name, ApiToken.id)
    ).all()


def needs_touch(row: ApiToken) -> bool:
    return row.used_at is None or row.used_at < clock.now() - USED_EVERY


def touch_token(session: Session, token_id: int) -> None:
    """Note that the token is in use, at most once an hour."""
    session.execute(update(ApiToken).where(ApiToken.id == token_id).values(used_at=clock.now()))


def living_tokens() -> ColumnElement[bool]:
    """Tokens that still open something."""
    return and_(
        ApiToken.revoked_at.is_(None),
        or_(ApiToken.expires_at.is_(None), ApiToken.expires_at > clock.now()),
    )
