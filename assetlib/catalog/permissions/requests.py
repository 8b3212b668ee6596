"""Who asks for what is not open to them, and who answers."""

from typing import TYPE_CHECKING

from assetlib.access.actor import Actor
from assetlib.access.permission import Permission, the_house
from assetlib.catalog.permissions.assets import staff
from assetlib.words import say

if TYPE_CHECKING:
    from assetlib.catalog.models import AccessRequest, Asset


def somebody_with_a_role(actor: Actor, thing: object) -> bool:  # noqa: ARG001
    """Nothing that is opened to a person without a role is open to them."""
    return actor.kind == "person" and actor.person_id is not None and actor.has_any_role


def asked_it(actor: Actor, request: "AccessRequest") -> bool:
    return somebody_with_a_role(actor, request) and request.person_id == actor.person_id


def answers(actor: Actor, request: "AccessRequest", asset: "Asset | None") -> bool:
    """Librarians for the asset; for a search every librarian; for a number that leads nowhere nobody.

    `queries.requests.answerable_by` says the same in SQL, a test holds them together.
    """
    if request.asset_number is None:
        return staff(actor, None)
    return asset is not None and asset.id == request.asset_number and staff(actor, asset)


ASK_FOR_ACCESS = Permission(
    "catalog.ask_for_access",
    somebody_with_a_role,
    say("People with a role ask for access. Ask an administrator for a role."),
    token="edit",
)
SEE_REQUESTS = Permission("catalog.see_requests", somebody_with_a_role, ASK_FOR_ACCESS.refusal, token="read")
TAKE_BACK_REQUEST = Permission(
    "catalog.take_back_request",
    asked_it,
    say("A request is taken back by the person who asked."),
    token="edit",
)
ANSWER_REQUESTS = Permission(
    "catalog.answer_requests", staff, say("Librarians answer requests."), token="edit"
)
SEE_ACCESS = Permission(
    "catalog.see_access", staff, say("Who has access is open to librarians."), token="read"
)
END_ACCESS = Permission("catalog.end_access", staff, say("Librarians end what they opened."), token="edit")
CLOSE_REQUESTS = Permission(
    "catalog.close_requests", the_house, say("The house closes what nobody answered.")
)
