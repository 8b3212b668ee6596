"""People ask for what is not open to them; librarians open it to them for a time, or say why not."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from assetlib import clock
from assetlib.access.actor import Actor
from assetlib.accounts.models import Person
from assetlib.accounts.permissions import MANAGE_PEOPLE
from assetlib.accounts.queries import names_of
from assetlib.accounts.sessions import must_still_be_here
from assetlib.audit import record
from assetlib.calendar import Day
from assetlib.catalog.errors import Answered, AskedAlready, NoSuchRequest, WrongValue
from assetlib.catalog.models import AccessRequest, Asset, AssetGrant
from assetlib.catalog.permissions.assets import CURATE, use_of
from assetlib.catalog.permissions.requests import (
    ANSWER_REQUESTS,
    ASK_FOR_ACCESS,
    CLOSE_REQUESTS,
    END_ACCESS,
    TAKE_BACK_REQUEST,
    answers,
)
from assetlib.catalog.queries.actors import actor_of
from assetlib.catalog.queries.requests import GONE, hindrance, open_request
from assetlib.catalog.queries.visibility import visible_to
from assetlib.catalog.rules.requests import (
    CLOSES_AFTER,
    NOBODY_ANSWERED,
    NOT_SENT,
    NOTHING_OPENED,
    must_be_answered,
    must_be_asked,
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
    query = query.strip()
    must_be_asked(asset=asset_number, purpose=purpose, query=query, until=until, today=clock.today())
    must_still_be_here(session, actor)
    # Two forms that are sent at once go one after the other.
    session.execute(select(Person.id).where(Person.id == actor.person_id).with_for_update(key_share=True))
    before = open_request(session, actor.person_id or 0, asset_number, query)
    if before is not None:
        raise AskedAlready(
            say("You asked for this already. You are told when it is answered."), request=before.id
        )
    if asset_number is not None:
        _must_be_closed(session, actor, asset_number, until)
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
    one = assets[0] if len(assets) == 1 else None
    _tell_asker(
        session,
        row,
        _opened(assets, row, Day(until, clock.today())),
        f"/assets/{one.id}" if one is not None else f"/requests/{row.id}",
        asset_id=one.id if one is not None else None,
    )
    return assets


def _opened(assets: Sequence[Asset], row: AccessRequest, day: Day) -> str:
    """What the person who asked is told, with what the librarian wrote."""
    values = {"day": day, "answer": row.answer.strip()}
    if len(assets) == 1:
        title = assets[0].title
        if row.answer.strip():
            return say("“{title}” is open to you until the end of {day}: “{answer}”", title=title, **values)
        return say("“{title}” is open to you until the end of {day}.", title=title, day=day)
    count = len(assets)
    if row.answer.strip():
        return say(
            "{count} assets for “{query}” are open to you until the end of {day}: “{answer}”",
            count=count,
            query=row.query,
            **values,
        )
    return say(
        "{count} assets for “{query}” are open to you until the end of {day}.",
        count=count,
        query=row.query,
        day=day,
    )


def refuse_request(session: Session, actor: Actor, request: AccessRequest, *, reason: str) -> None:
    """Say why it is not opened."""
    row = _answerable(session, actor, request)
    if not reason.strip():
        raise WrongValue(NOT_SENT, fields={"answer": say("Say why, so that they know what to do next.")})
    _must_be_sayable(reason)
    _settle(session, actor, row, "refused", reason.strip(), "catalog.request_declined")
    name, asset_id = _named(session, row)
    _tell_asker(
        session,
        row,
        say("Your request for {name} was not granted: “{reason}”", name=name, reason=reason.strip()),
        f"/requests/{row.id}",
        asset_id=asset_id,
    )


def end_access(session: Session, actor: Actor, asset: Asset, person_id: int, *, reason: str = "") -> None:
    """Close an asset to a person again, and tell them; the next request already finds it closed."""
    END_ACCESS.require(actor, asset)
    reason = reason.strip()
    fault = text_fault(reason, LONGEST_NOTE)
    if fault:
        raise WrongValue(together(say("The reason cannot be kept."), fault), fields={"reason": fault})
    grant = session.get(AssetGrant, (asset.id, person_id))
    if grant is None:
        return
    before, request_id = {"person": person_id, "until": grant.until}, grant.request_id
    session.delete(grant)
    session.flush()
    record(session, actor, "catalog.asset_closed", asset, before=before, reason=reason)
    _note_the_end(session, actor, request_id, reason)
    title, asset_id = _name_for(session, person_id, asset.id)
    sentence = (
        say("{name} was closed to you again: “{reason}”", name=title, reason=reason)
        if reason
        else say("{name} was closed to you again.", name=title)
    )
    url = f"/requests/{request_id}" if request_id is not None else "/requests"
    tell(session, [person_id], "access.ended", sentence, AS_ASKER, url, asset_id=asset_id)


def end_for_leaver(session: Session, actor: Actor, person: Person) -> None:
    """Take back what somebody who leaves asked for, and close what was opened to them; they are not told."""
    MANAGE_PEOPLE.require(actor)
    for row in session.scalars(
        select(AccessRequest)
        .where(AccessRequest.person_id == person.id, AccessRequest.state == "open")
        .order_by(AccessRequest.id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    ).all():
        _settle(session, actor, row, "taken_back", "", "catalog.request_taken_back")
    for grant, asset in session.execute(
        select(AssetGrant, Asset)
        .join(Asset, Asset.id == AssetGrant.asset_id)
        .where(AssetGrant.person_id == person.id)
        .order_by(Asset.id)
    ):
        session.delete(grant)
        before = {"person": person.id, "until": grant.until}
        record(session, actor, "catalog.asset_closed", asset, before=before)
    session.flush()


def _note_the_end(session: Session, actor: Actor, request_id: int | None, reason: str) -> None:
    """The last word of a request of which nothing is open any more is that it ended, when, and why."""
    rest = select(AssetGrant.asset_id).where(AssetGrant.request_id == request_id).limit(1)
    if request_id is None or session.scalars(rest).first() is not None:
        return
    row = session.get_one(AccessRequest, request_id, with_for_update=True)
    row.answered_at, row.answered_by_id = clock.now(), actor.person_id
    row.answer = reason or row.answer
    session.flush()


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
        name, asset_id = _named(session, row)
        sentence = together(say("You asked for {name}.", name=name), NOBODY_ANSWERED)
        _tell_asker(session, row, sentence, f"/requests/{row.id}", asset_id=asset_id)
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
        fault = hindrance(asset)
        if fault:
            faults.append(together(say("{ref} cannot be opened.", ref=asset.ref), fault))
    if faults:
        raise WrongValue(NOTHING_OPENED, fields={"assets": together(*faults)})
    return list(theirs.values())


def _must_be_sayable(answer: str) -> None:
    fault = text_fault(answer, LONGEST_NOTE)
    if fault:
        raise WrongValue(NOT_SENT, fields={"answer": fault})


def _must_be_closed(session: Session, actor: Actor, number: int, until: date | None) -> None:
    """Refuse what nobody could answer: it is open already, or its rights say no to everybody.

    What the person does not see is asked for like a number that leads nowhere.
    """
    asset = session.scalars(
        select(Asset).where(Asset.id == number, visible_to(actor)).options(joinedload(Asset.right))
    ).one_or_none()
    if asset is None:
        return
    lasts, answer = actor.opened_until.get(asset.id), use_of(actor, asset)
    if answer.verdict == "no":
        raise WrongValue(answer.reason, reason=answer.code)
    if lasts is None and answer.is_yes:
        raise WrongValue(say("You can use this already. Download it from its page."), reason="open_already")
    if lasts is not None and until is not None and until <= lasts:
        day = Day(lasts, clock.today())
        raise WrongValue(
            say("It is open to you up to {day} already. Ask for a later day, or download it.", day=day),
            fields={"until": say("Choose a day after {day}.", day=day)},
        )


def _named(session: Session, row: AccessRequest) -> tuple[str, int | None]:
    """What was asked for as the person who asked may know it, and the asset that a notice about it shows."""
    if row.asset_number is None:
        return say("“{title}”", title=row.query), None
    return _name_for(session, row.person_id, row.asset_number)


def _name_for(session: Session, person_id: int, number: int) -> tuple[str, int | None]:
    """The title where the person sees the asset, else the number; and the asset in the first case."""
    seen = select(Asset.title).where(Asset.id == number, visible_to(actor_of(session, person_id)))
    title = session.scalars(seen).one_or_none()
    return (f"AST-{number:05d}", None) if title is None else (say("“{title}”", title=title), number)


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
