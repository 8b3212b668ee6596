"""Forms about people, groups and organisations that are sent after somebody else changed the same."""

from collections.abc import Iterable, Mapping, Sequence

from flask import request
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from assetlib.accounts.queries import names_of
from assetlib.audit.queries import Wanted, stretch_of
from assetlib.errors import Refusal
from assetlib.web.meanwhile import began_of, merged
from assetlib.words import say, together


def said_then(name: str) -> list[str] | None:
    """What the sent form showed under this name when it was made; None of a form that does not tell."""
    return began_of(request.form)[1].get(name)


def texts_then(*names: str) -> dict[str, str] | None:
    """The same of fields that hold one text each."""
    _, says = began_of(request.form)
    return {name: "".join(says[name]) for name in names} if all(name in says for name in names) else None


def both(typed: Iterable[str], now: Iterable[str], name: str) -> list[str]:
    """Boxes as they come back: what others ticked or took away counts, and what was ticked here."""
    then, there, mine = set(said_then(name) or ()), set(now), list(typed)
    kept = [each for each in mine if each in there or each not in then]
    return kept + sorted(there - then - set(kept))


def texts_of_both(now: Mapping[str, str], problem: Refusal) -> tuple[MultiDict[str, str], Refusal]:
    """The form as it comes back, and what stands now beside each field that both sides changed."""
    typed, clashing = merged(request.form, {name: [text] for name, text in now.items()})
    fields = {
        name: say("Now it says: {text}", text=now[name]) if now[name] else say("Now it says nothing.")
        for name in clashing
    }
    return typed, type(problem)(problem.sentence, **{**problem.details, "fields": fields})


def told(
    session: Session, problem: Refusal, kind: str, number: int, actions: Sequence[str], what_now: str
) -> Refusal:
    """The refusal with the name of whoever was sooner, and what to do now."""
    began, _ = began_of(request.form)
    wanted = Wanted(object_kind=kind, object_id=str(number), actions=frozenset(actions), since=began)
    who = next((each.actor_id for each in stretch_of(session, wanted, size=1).entries), None)
    name = names_of(session, [who]).get(who or 0) or say("Someone")
    return type(problem)(
        together(say("{who} changed this while you were looking at it.", who=name), what_now),
        **problem.details,
    )


BOTH_BOXES = say("The boxes show both changes together. Look at them, then save again.")
YOURS_STANDS = say("What you typed still stands here. Save again if it is to hold.")
