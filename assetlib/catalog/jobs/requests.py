"""Librarians are told of requests, and what nobody answered closes itself."""

from assetlib.access.actor import SYSTEM
from assetlib.accounts.queries import names_of
from assetlib.catalog.actions.requests import close_unanswered
from assetlib.catalog.models import AccessRequest, Asset
from assetlib.catalog.queries.audience import librarians, looking_after
from assetlib.jobs.work import Work
from assetlib.notify.telling import tell
from assetlib.words import say


def tell_request(work: Work, *, request_id: int) -> None:
    """Tell the librarians for the asset, or for a search all of them; of a number without an asset nobody."""
    with work.database.transaction() as session:
        row = session.get(AccessRequest, request_id)
        if row is None or row.state != "open":
            return
        # Whoever erases a person takes the name out of notices and mails as well.
        who = names_of(session, [row.person_id]).get(row.person_id) or say("Somebody")
        if row.asset_number is None:
            told = [each.person_id for each in librarians(session) if each.person_id != row.person_id]
            sentence = say("{who} asks for what a search did not find: “{query}”", who=who, query=row.query)
        else:
            asset = session.get(Asset, row.asset_number)
            if asset is None:
                return
            told = list(looking_after(librarians(session), asset, but=row.person_id))
            sentence = say("{who} asks for “{title}”.", who=who, title=asset.title)
        tell(
            session,
            told,
            "request.asked",
            sentence,
            say("You answer such requests."),
            f"/requests/{row.id}",
            f"request-{row.id}-asked",
            asset_id=row.asset_number,
        )


def close_requests(work: Work) -> None:
    """Close the requests that nobody answered."""
    with work.database.transaction() as session:
        close_unanswered(session, SYSTEM)
