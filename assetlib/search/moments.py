"""What follows from dates at the moment of asking: rights, embargo. Nothing of it is stored in an index."""

from datetime import UTC, date, datetime

from assetlib.catalog.rules.rights import RightsState, Terms, rights_state
from assetlib.search.request import Access, Document

CAN_USE: dict[RightsState, tuple[str, ...]] = {
    "cleared": ("cleared",),
    "expiring": ("cleared", "expiring"),
    "ask": ("needs_request",),
}
"""What the word for a right means for somebody who wants to use it; the other words mean no."""

MOMENTARY = frozenset({"can_use", "rights_state"})
MOMENTARY_FLAGS = ("cleared", "embargoed", "ended", "expiring", "published", "unused")
"""Values of `is` that follow from dates and counts."""


def opens_at(document: Document, now: int) -> datetime | None:
    """When the embargo of a published document ends; None when there is none, or it is over."""
    until = document.embargo_until
    return datetime.fromtimestamp(until, UTC) if document.published and until and until > now else None


def rights_of(document: Document, access: Access) -> RightsState:
    """The word for a document's right at the moment; the catalogue's own rule decides."""
    today, opens = access.today, opens_at(document, access.now)
    if not document.has_right:
        return rights_state(None, today)
    begin, end = document.number("rights_from"), document.number("rights_to")
    terms = Terms(
        None if begin is None else date.fromordinal(begin),
        None if end is None else date.fromordinal(end),
        document.requires_request,
    )
    return rights_state(terms, today, opens)


def flags_of(document: Document, access: Access) -> tuple[str, ...]:
    """The values of `is` that hold at the moment."""
    state = rights_of(document, access)
    embargoed = document.embargo_until is not None and document.embargo_until > access.now
    holds = {
        "cleared": "cleared" in CAN_USE.get(state, ()),
        "embargoed": embargoed,
        "ended": state == "ended",
        "expiring": state == "expiring",
        "published": document.published and not embargoed,
        "unused": not document.number("uses"),
    }
    return tuple(flag for flag in MOMENTARY_FLAGS if holds[flag])


def keywords_of(document: Document, field: str, access: Access) -> tuple[str, ...]:
    """All values of a keyword field, as they are at the moment."""
    if field == "id":
        return (str(document.id),)
    if field == "collection":
        return tuple(str(each) for each in document.collections)
    if field == "rights_state":
        return (rights_of(document, access),)
    if field == "can_use":
        state = rights_of(document, access)
        if state == "ask" and document.id in access.assets:
            return CAN_USE["cleared"]  # who asked and was let in need not ask again
        return CAN_USE.get(state, ())
    stored = document.keywords.get(field, ())
    return stored + flags_of(document, access) if field == "is" else stored
