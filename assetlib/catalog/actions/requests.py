"""People ask for what is not open to them; librarians open it to them for a time, or say why not."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from assetlib import clock
from assetlib.access.actor import Actor
from assetlib.accounts.models import Person
from assetlib.accounts.queries import names_of
from assetlib.audit import record
from assetlib.calendar import Day
from assetlib.catalog.errors import Answered, AskedAlready, NoSuchRequest, WrongValue
from assetlib.catalog.models import AccessRequest, Asset, AssetGrant
from assetlib.catalog.permissions.assets import CURATE, opens_at, terms_of
from assetlib.catalog.permissions.requests import (
    ANSWER_REQUESTS,
    ASK_FOR_ACCESS,
    CLOSE_REQUESTS,
    END_ACCESS,
    TAKE_BACK_REQUEST,
    answers,
)
from assetlib.catalog.queries.requests import GONE, open_request
from assetlib.catalog.rules.requests import (
    CLOSES_AFTER,
    NOBODY_ANSWERED,
    must_be_answered,
    must_be_asked,
    why_not_grantable,
)
from assetlib.catalog.rules.texts import LONGEST_NOTE, text_fault
from assetlib.jobs import enqueue
from assetlib.notify.telling import tell
from assetlib.words import kept, say, together

AS_ASKER = say("You asked for it.")
STANDS = {
    "granted": say("granted"),
    "refused": say("refused"),
    "taken_back": say("taken back"),
}


def ask_for_access(
    session: Session,
    actor: Actor,
    *,
    asset_number: int | None = None,
    query: str = "",
    purpose: str,
    until: date | None,
) -> AccessRequest:
    """A request for an asset, which may be there or not, or for what a search did not find.

    Whether there is such an asset is not looked at here: librarians are told by a job, so that answer and
    time are the same for any number.
    """
    ASK_FOR_ACCESS.require(actor)
    query = "" if asset_number is not None else query.strip()
    must_be_asked(purpose=purpose, query=query, until=until, today=clock.today())
    # Two forms that are sent at once go one after the other.
    session.execute(select(Person.id).where(Person.id == actor.person_id).with_for_update(key_share=True))
    before = open_request(session, actor.person_id or 0, asset_number, query)
    if before is not None:
        raise AskedAlready(
            say("You asked for this already. You are told when it is answered."), request=before.id
        )
    row = AccessRequest(
        person_id=actor.person_id,
        asset_number=asset_number,
        query=query,
        purpose=purpose.strip(),
        until=until,
        created_at=clock.now(),
    )
    session.add(row)
    session.flush()
    record(session, actor, "catalog.access_asked", row, after={"state": "open"}, asset=asset_number)
    enqueue(session, "catalog.tell_request", dedupe=f"request-{row.id}", request_id=row.id)
    return row


def take_back_request(session: Session, actor: Actor, request: AccessRequest) -> None:
    """The person does not need it any more."""
    TAKE_BACK_REQUEST.require(actor, request)
    row = _held(session, request)
    _settle(session, actor, row, "taken_back", "", "catalog.request_taken_back")


def grant_request(
    session: Session,
    actor: Actor,
    request: AccessRequest,
    *,
    asset_ids: Sequence[int] = (),
    until: date | None,
    answer: str = "",
) -> list[Asset]:
    """Open what was asked for to the person who asked, up to and with a day.

    `asset_ids` are for the request of a search; one for an asset opens that. A grant that lasts longer is not
    cut short. All of the assets are opened, or none with a sentence for each that cannot be.
    """
    row = _answerable(session, actor, request)
    wanted = [row.asset_number] if row.asset_number is not None else list(dict.fromkeys(asset_ids))
    must_be_answered(until=until, today=clock.today(), assets=wanted)
    assert until is not None  # noqa: S101  # the rule says so
    _must_be_sayable(answer)
    assets = _grantable(session, actor, wanted)
    for asset in assets:
        grant = session.get(AssetGrant, (asset.id, row.person_id))
        if grant is None:
            grant = AssetGrant(asset_id=asset.id, person_id=row.person_id, until=until)
            session.add(grant)
        else:
            grant.until = max(grant.until, until) if grant.until >= clock.today() else until
        grant.request_id, grant.granted_by_id, grant.granted_at = row.id, actor.person_id, clock.now()
        session.flush()
        after = {"person": row.person_id, "until": grant.until}
        record(session, actor, "catalog.asset_opened", asset, after=after, request=row.id)
    _settle(session, actor, row, "granted", answer, "catalog.request_granted")
    one, day = assets[0] if len(assets) == 1 else None, Day(until, clock.today())
    _tell_asker(
        session,
        row,
        say("“{title}” is open to you until the end of {day}.", title=one.title, day=day)
        if one is not None
        else say(
            "{count} assets are open to you until the end of {day}.",
            count=len(assets),
            day=day,
        ),
        f"/assets/{one.id}" if one is not None else f"/requests/{row.id}",
        asset_id=one.id if one is not None else None,
    )
    return assets


def refuse_request(session: Session, actor: Actor, request: AccessRequest, *, reason: str) -> None:
    """Say why it is not opened."""
    row = _answerable(session, actor, request)
    if not reason.strip():
        fault = say("Say why, so that they know what to do next.")
        raise WrongValue(fault, fields={"answer": fault})
    _must_be_sayable(reason)
    _settle(session, actor, row, "refused", reason.strip(), "catalog.request_refused")
    _tell_asker(
        session,
        row,
        say("Your request was not granted: “{reason}”", reason=reason.strip()),
        f"/requests/{row.id}",
    )


def end_access(session: Session, actor: Actor, asset: Asset, person_id: int) -> None:
    """Close an asset to a person again; the next request already finds it closed."""
    END_ACCESS.require(actor, asset)
    grant = session.get(AssetGrant, (asset.id, person_id))
    if grant is None:
        return
    before = {"person": person_id, "until": grant.until}
    session.delete(grant)
    session.flush()
    record(session, actor, "catalog.asset_closed", asset, before=before)


def close_unanswered(session: Session, actor: Actor) -> int:
    """Close what nobody answered for a month, and say so to those who asked; how many those were."""
    CLOSE_REQUESTS.require(actor)
    rows = session.scalars(
        select(AccessRequest)
        .where(AccessRequest.state == "open", AccessRequest.created_at <= clock.now() - CLOSES_AFTER)
        .order_by(AccessRequest.id)
        .with_for_update(key_share=True)
    ).all()
    for row in rows:
        _settle(session, actor, row, "refused", kept(NOBODY_ANSWERED), "catalog.request_closed")
        _tell_asker(session, row, NOBODY_ANSWERED, f"/requests/{row.id}")
    return len(rows)


def _held(session: Session, request: AccessRequest) -> AccessRequest:
    """The request, held, if it is still open; two who answer at once go one after the other."""
    row = session.scalars(
        select(AccessRequest)
        .where(AccessRequest.id == request.id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    ).one_or_none()
    if row is None:
        raise NoSuchRequest(GONE)
    if row.state != "open":
        who = names_of(session, [row.answered_by_id]).get(row.answered_by_id or 0, "")
        told = (
            say("{who} answered this already: {how}.", who=who, how=STANDS[row.state])
            if who
            else say("This is not open any more: {how}.", how=STANDS[row.state])
        )
        raise Answered(told, state=row.state)
    return row


def _answerable(session: Session, actor: Actor, request: AccessRequest) -> AccessRequest:
    ANSWER_REQUESTS.require(actor)
    asset = session.get(Asset, request.asset_number) if request.asset_number is not None else None
    if not answers(actor, request, asset):
        raise NoSuchRequest(GONE)
    return _held(session, request)


def _grantable(session: Session, actor: Actor, wanted: Sequence[int]) -> list[Asset]:
    """The assets, held, in the order of their ids; or a sentence for each that cannot be opened."""
    found = session.scalars(
        select(Asset)
        .where(Asset.id.in_(wanted))
        .options(joinedload(Asset.right, innerjoin=False))
        .order_by(Asset.id)
        .with_for_update(of=Asset)
        .execution_options(populate_existing=True)
    ).all()
    theirs = {asset.id: asset for asset in found if CURATE.allows(actor, asset)}
    faults = [
        say("There is no {ref}, or you are not its librarian.", ref=f"AST-{each:05d}")
        for each in wanted
        if each not in theirs
    ]
    for asset in theirs.values():
        fault = why_not_grantable(
            in_trash=asset.deleted_at is not None,
            state=asset.state,
            opens=opens_at(asset, clock.now()),
            terms=terms_of(asset.right),
            today=clock.today(),
        )
        if fault:
            faults.append(together(say("{ref} cannot be opened.", ref=asset.ref), fault))
    if faults:
        sentence = together(*faults)
        raise WrongValue(sentence, fields={"assets": sentence})
    return list(theirs.values())


def _must_be_sayable(answer: str) -> None:
    fault = text_fault(answer, LONGEST_NOTE)
    if fault:
        raise WrongValue(fault, fields={"answer": fault})


def _settle(session: Session, actor: Actor, row: AccessRequest, state: str, answer: str, action: str) -> None:
    row.state, row.answer = state, answer
    row.answered_at, row.answered_by_id = clock.now(), actor.person_id
    session.flush()
    record(session, actor, action, row, before={"state": "open"}, after={"state": state})


def _tell_asker(
    session: Session, row: AccessRequest, sentence: str, url: str, *, asset_id: int | None = None
) -> None:
    dedupe = f"request-{row.id}-answered"
    tell(session, [row.person_id], "request.answered", sentence, AS_ASKER, url, dedupe, asset_id=asset_id)
