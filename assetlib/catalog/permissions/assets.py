"""Who may see and change assets, and who gets their bytes."""

from datetime import datetime
from typing import TYPE_CHECKING, Literal

from assetlib import clock
from assetlib.access.actor import ADMINISTRATOR, AGENCY_CONTRIBUTOR, LIBRARIAN, PLANNER, ROLES, Actor
from assetlib.access.permission import Permission, all_of, any_of, not_, role, role_everywhere, the_house
from assetlib.catalog.errors import NoSuchVersion, NotToBeUsed
from assetlib.catalog.rules.rights import YES, Answer, RightsState, Terms, may_use, rights_state
from assetlib.words import say, together

if TYPE_CHECKING:
    from assetlib.catalog.cards import AnyAsset, AnyRight, AnyVersion

STAFF = (LIBRARIAN, ADMINISTRATOR)
UPLOADERS = (AGENCY_CONTRIBUTOR, *STAFF)
staff = role(*STAFF)


def own_upload(actor: Actor, asset: "AnyAsset") -> bool:
    """The asset was uploaded by the agency that the actor works for, or by the actor.

    What somebody uploaded whose role has a scope is theirs before it has a brand that lies in the scope.
    """
    if actor.organisation_id != asset.organisation_id:
        return False
    if actor.holds(AGENCY_CONTRIBUTOR, of=asset):
        return True
    return sent_by(actor, asset)


def sent_by(actor: Actor, asset: "AnyAsset") -> bool:
    """The actor uploaded it, and may still upload something."""
    return (
        actor.person_id is not None and asset.created_by_id == actor.person_id and actor.has_role(*UPLOADERS)
    )


def in_trash(actor: Actor, asset: "AnyAsset") -> bool:  # noqa: ARG001
    return asset.deleted_at is not None


def still_open(actor: Actor, asset: "AnyAsset") -> bool:  # noqa: ARG001
    """Nobody relies on the asset yet."""
    return asset.state in ("draft", "in_review")


def is_public(asset: "AnyAsset", moment: datetime) -> bool:
    """Published, and past its embargo."""
    return asset.state == "published" and opens_at(asset, moment) is None


def opens_at(asset: "AnyAsset", moment: datetime) -> datetime | None:
    """When the embargo of a published asset ends; None when there is none, or it is over."""
    until = asset.embargo_until
    return until if asset.state == "published" and until is not None and until > moment else None


def opened_to(actor: Actor, asset: "AnyAsset") -> bool:
    """The actor belongs to those whom a published asset is open to. Needs `asset.items` loaded."""
    if not actor.has_any_role:
        return False
    if asset.id in actor.assets:
        return True
    if not actor.holds(*ROLES, of=asset):
        return False
    return actor.is_own or any(item.collection_id in actor.collections for item in asset.items)


def sees(actor: Actor, asset: "AnyAsset") -> bool:
    """The rule of sight. `queries.visibility` says the same in SQL, a test holds them together."""
    if staff(actor, asset):
        return True
    if asset.deleted_at is not None:
        return False
    return own_upload(actor, asset) or (is_public(asset, clock.now()) and opened_to(actor, asset))


VIEW_LIBRARY = Permission(
    "catalog.view_library",
    lambda actor, _: actor.has_any_role,
    say("The library is open to people with a role. Ask an administrator."),
    token="read",
)
SEE_ASSET = Permission(
    "catalog.see_asset", sees, say("There is no such asset, or it is not open to you."), token="read"
)
CURATE = Permission("catalog.curate", staff, say("This is done by librarians."), token="edit")
UPLOAD = Permission(
    "catalog.upload",
    role(*UPLOADERS),
    say("Uploading is open to agencies and librarians."),
    token="upload",
)
REFUSE_UPLOAD = Permission(
    "catalog.refuse_upload",
    lambda actor, upload: actor.person_id is not None and actor.person_id == upload.person_id,
    say("An upload is ended in the name of the person who sent it."),
    token="upload",
)
EDIT_ASSET = Permission(
    "catalog.edit_asset",
    all_of(not_(in_trash), any_of(staff, all_of(own_upload, still_open))),
    say("Only librarians change this, or the agency that uploaded it until it is approved."),
    token="edit",
)
ADD_VERSION = Permission(
    "catalog.add_version",
    all_of(not_(in_trash), any_of(staff, own_upload)),
    say("A new version comes from a librarian or from the agency that uploaded the asset."),
    token="upload",
)
SUBMIT_ASSET = Permission(
    "catalog.submit_asset",
    EDIT_ASSET.clause,
    say("Only the uploader or a librarian sends this for approval."),
    token="edit",
)
DECIDE_VERSION = Permission(
    "catalog.decide_version", all_of(not_(in_trash), staff), say("Librarians approve or return versions.")
)
ACCEPT_DELIVERED = Permission(
    "catalog.accept_delivered",
    all_of(not_(in_trash), lambda actor, _: actor.is_own, any_of(staff, role(PLANNER))),
    say("What was delivered is accepted by librarians and planners."),
    token="edit",
)
"""For a version that was delivered for something that was ordered; see `planning.actions.deliveries`."""
PUBLISH_ASSET = Permission(
    "catalog.publish_asset",
    all_of(not_(in_trash), staff),
    say("Librarians publish and withdraw."),
    token="edit",
)
EDIT_RIGHTS = Permission(
    "catalog.edit_rights", all_of(not_(in_trash), staff), say("Librarians record rights."), token="edit"
)
DELETE_ASSET = Permission(
    "catalog.delete_asset",
    all_of(not_(in_trash), any_of(staff, all_of(own_upload, still_open))),
    say("Only librarians delete this, or the agency that uploaded it until it is approved."),
    token="edit",
)
SEE_TRASH = Permission("catalog.see_trash", staff, say("The trash is open to librarians."), token="read")
RESTORE_ASSET = Permission(
    "catalog.restore_asset", all_of(in_trash, staff), say("Librarians restore from the trash."), token="edit"
)
PURGE_ASSET = Permission(
    "catalog.purge_asset", all_of(in_trash, the_house), say("Only time empties the trash.")
)
KEEP_RENDITIONS = Permission("catalog.keep_renditions", the_house, say("Renditions are made by the house."))
SEE_ACTIVITY = Permission(
    "catalog.see_activity",
    any_of(staff, own_upload),
    say("What happened to an asset is open to librarians and to the agency that uploaded it."),
    token="read",
)
SEE_USAGE = Permission(
    "catalog.see_usage", staff, say("Who downloaded what is open to librarians."), token="read"
)
BULK_EDIT = Permission(
    "catalog.bulk_edit", staff, say("Librarians change many assets at once."), token="edit"
)
SHAPE_SCHEMA = Permission(
    "catalog.shape_schema",
    role_everywhere(*STAFF),
    say("Attributes concern the whole library: librarians for all of it shape them."),
    token="edit",
)

SHARE = Permission(
    "catalog.share",
    lambda actor, _: actor.kind == "person" and actor.is_own and actor.has_any_role,
    say("Links are made by the house's own people. Ask a librarian for one."),
    token="edit",
)

Use = Literal["preview", "download"]

LIMIT_REACHED = Answer(
    "no",
    say("This link has given as many files as it may. Ask the person who sent it for more."),
    "limit_reached",
)
NOT_YOURS = Answer("no", say("There is no such file, or it is not open to you."), "not_found")


def may_have_bytes(
    actor: Actor, asset: "AnyAsset", version: "AnyVersion", use: Use, form: str = ""
) -> Answer:
    """The one decision in front of every path that gives bytes of an asset, renditions included.

    Needs `asset.items`, `asset.right` and `version.approvals` loaded. A "no" with the code `not_found` must
    be told as if there were no such file. `form`: in which form a download is wanted; a link gives some only.
    """
    if actor.kind == "share":
        return _by_link(actor, asset, version, use, form)
    if version.asset_id != asset.id or not sees(actor, asset):
        return NOT_YOURS
    if use == "download" and actor.token_scopes is not None and "download" not in actor.token_scopes:
        return Answer("no", say("This token may not download. Make one with the scope download."), "token")
    if staff(actor, asset):
        if asset.deleted_at is not None and use == "download":
            return Answer("no", say("This lies in the trash. Restore it before you download it."), "in_trash")
        return YES
    if own_upload(actor, asset) and version.organisation_id == actor.organisation_id:
        return YES
    if not (is_public(asset, clock.now()) and opened_to(actor, asset)):
        return NOT_YOURS
    if version.id != asset.current_version_id or not version.is_approved:
        return NOT_YOURS
    answer = use_of(actor, asset)
    if answer.verdict == "ask" and use == "preview":
        return YES
    return answer


def _by_link(actor: Actor, asset: "AnyAsset", version: "AnyVersion", use: Use, form: str) -> Answer:
    """The same for the holder of a link: what the link gives of what its maker may have and what is out."""
    reach, moment = actor.reach, clock.now()
    if reach is None or reach.ends_at <= moment or not SHARE.allows(reach.maker):
        return NOT_YOURS
    reached = asset.id in reach.assets or any(item.collection_id in reach.collections for item in asset.items)
    if not reached or version.asset_id != asset.id:
        return NOT_YOURS
    # What a librarian alone may have is never given by a link, whoever made it.
    if asset.deleted_at is not None or not is_public(asset, moment):
        return NOT_YOURS
    if version.id != asset.current_version_id or not version.is_approved:
        return NOT_YOURS
    if not may_have_bytes(reach.maker, asset, version, "download").is_yes or not use_of(actor, asset).is_yes:
        return NOT_YOURS
    if use == "preview":
        return YES
    if form not in reach.forms:
        return Answer("no", say("This link does not give the file in this form."), "form")
    if reach.left is not None and reach.left < 1 and (version.id, form) not in reach.taken:
        return LIMIT_REACHED
    return YES


def require_bytes(actor: Actor, asset: "AnyAsset", version: "AnyVersion", use: Use, form: str = "") -> None:
    """Nothing, or the refusal of `may_have_bytes` with its code and, where use is agreed first, the terms."""
    answer = may_have_bytes(actor, asset, version, use, form)
    if answer.is_yes:
        return
    if answer.code == NOT_YOURS.code:
        raise NoSuchVersion(answer.reason)
    if answer.verdict == "ask":
        raise NotToBeUsed(
            together(say("Ask a librarian before you use this."), answer.reason),
            reason=answer.code,
            terms=answer.reason,
        )
    raise NotToBeUsed(answer.reason, reason=answer.code)


def shows_version(actor: Actor, asset: "AnyAsset", version: "AnyVersion") -> bool:
    """Whether an actor who sees the asset is told of this version: its facts, not its bytes."""
    if actor.kind == "share":
        return may_have_bytes(actor, asset, version, "preview").is_yes
    if version.asset_id != asset.id or not sees(actor, asset):
        return False
    if staff(actor, asset):
        return True
    if own_upload(actor, asset) and version.organisation_id == actor.organisation_id:
        return True
    public = is_public(asset, clock.now()) and opened_to(actor, asset)
    return public and version.id == asset.current_version_id and version.is_approved


def use_of(actor: Actor, asset: "AnyAsset") -> Answer:
    """Whether the asset may be used now, whoever gets its bytes; a "no" says what the actor can do.

    Whose request for the asset was granted has asked, until the grant ends.
    """
    answer = may_use(
        terms_of(asset.right),
        clock.today(),
        opens=opens_at(asset, clock.now()),
        records=EDIT_RIGHTS.allows(actor, asset),
    )
    return YES if answer.verdict == "ask" and asset.id in actor.assets else answer


def use_state(asset: "AnyAsset") -> RightsState:
    """The one word for `use_of`."""
    return rights_state(terms_of(asset.right), clock.today(), opens_at(asset, clock.now()))


def terms_of(right: "AnyRight | None") -> Terms | None:
    """The plain values of a stored right."""
    if right is None:
        return None
    return Terms(
        right.starts_on, right.ends_on, right.ask_first, right.channels, right.territories, right.terms
    )
