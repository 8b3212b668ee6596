"""Who has a second factor, and whether a code is right: each code once, however many try it at a time."""

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from assetlib import clock
from assetlib.accounts.codes import recovery_hash, step_of, unseal
from assetlib.accounts.models import RecoveryCode, SecondFactor


def find_factor(session: Session, person_id: int) -> SecondFactor | None:
    """The person's second factor, also one that is only being set up."""
    return session.get(SecondFactor, person_id, populate_existing=True)


def has_factor(session: Session, person_id: int) -> bool:
    """Whether the person is asked for a code when they sign in."""
    found = session.scalar(
        select(SecondFactor.person_id).where(
            SecondFactor.person_id == person_id, SecondFactor.confirmed_at.is_not(None)
        )
    )
    return found is not None


def codes_left(session: Session, person_id: int) -> int:
    """How many recovery codes were not used yet."""
    return (
        session.scalar(
            select(func.count(RecoveryCode.id)).where(
                RecoveryCode.person_id == person_id, RecoveryCode.used_at.is_(None)
            )
        )
        or 0
    )


def spend_code(session: Session, person_id: int, code: str, *, key: bytes) -> bool:
    """Whether the code is right and nobody used it before; it is used now."""
    factor = find_factor(session, person_id)
    if factor is None or factor.confirmed_at is None:
        return False
    return spend_step(session, factor, code, key=key) or _spend_recovery(session, person_id, code)


def spend_step(session: Session, factor: SecondFactor, code: str, *, key: bytes) -> bool:
    """The same for a code of the phone alone, also while the factor is being set up."""
    secret = unseal(factor.secret, key)
    step = step_of(secret, code, clock.now()) if secret is not None else None
    if step is None:
        return False
    taken = session.execute(
        update(SecondFactor)
        .where(SecondFactor.person_id == factor.person_id, SecondFactor.last_step < step)
        .values(last_step=step)
        .returning(SecondFactor.person_id)
        .execution_options(synchronize_session=False)
    ).one_or_none()
    return taken is not None


def _spend_recovery(session: Session, person_id: int, code: str) -> bool:
    taken = session.execute(
        update(RecoveryCode)
        .where(
            RecoveryCode.person_id == person_id,
            RecoveryCode.code_hash == recovery_hash(code),
            RecoveryCode.used_at.is_(None),
        )
        .values(used_at=clock.now())
        .returning(RecoveryCode.id)
        .execution_options(synchronize_session=False)
    ).one_or_none()
    return taken is not None
