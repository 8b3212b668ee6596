"""The page of an asset, and what people do there."""

from collections.abc import Callable

from flask import Blueprint, render_template, request
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from assetlib.catalog.actions.assets import describe_asset
from assetlib.catalog.actions.attributes import set_attributes
from assetlib.catalog.actions.rights import record_rights, remove_rights
from assetlib.catalog.actions.states import (
    archive_asset,
    change_embargo,
    publish_asset,
    reopen_asset,
    submit_asset,
    withdraw_asset,
)
from assetlib.catalog.actions.trash import delete_asset, restore_asset
from assetlib.catalog.actions.versions import approve_version, return_version
from assetlib.catalog.errors import ChangedMeanwhile, NoSuchVersion, WrongState, WrongValue
from assetlib.catalog.models import Asset, Version
from assetlib.catalog.permissions.assets import (
    ADD_VERSION,
    CURATE,
    EDIT_ASSET,
    EDIT_RIGHTS,
    PUBLISH_ASSET,
    SEE_ACTIVITY,
    SEE_USAGE,
    SHARE,
    UPLOAD,
    VIEW_LIBRARY,
)
from assetlib.catalog.permissions.collections import MAKE_COLLECTION
from assetlib.catalog.queries.activity import activity_of, usage_of
from assetlib.catalog.queries.assets import GONE, get_asset, names_around, versions_shown_to
from assetlib.catalog.queries.attributes import asset_types, attribute_rows
from assetlib.catalog.queries.collections import collections_of, tree_of
from assetlib.catalog.queries.publishing import missing_for_publishing
from assetlib.catalog.queries.requests import grants_of
from assetlib.catalog.queries.shares import shares_reaching
from assetlib.catalog.rules.rights_forms import RIGHT_LABELS, RightForm
from assetlib.current import actor, database
from assetlib.errors import Refusal
from assetlib.policy import open_to
from assetlib.web import asset_past, meanwhile
from assetlib.web import asset_view as view
from assetlib.web.asset_acts import acts
from assetlib.web.asset_forms import day_typed, listed, moment_typed, opens_on
from assetlib.web.changing import Said, carried_out
from assetlib.web.collections import flat
from assetlib.web.forms import revision_seen
from assetlib.web.share_rows import row_view
from assetlib.words import recalled, say

MOST_USES = 10
"""Downloads on the page of an asset; the API tells of all."""

EDITS = ("describe", "attributes", "rights")
"""Forms that open where their values stand."""

pages = Blueprint("assets", __name__, url_prefix="/assets")


@pages.get("/<int:asset_id>")
@open_to(VIEW_LIBRARY)
def show(asset_id: int) -> str:
    """The asset; with `v` one of its older versions, read only."""
    return _page(asset_id)


@pages.post("/<int:asset_id>/describe")
@open_to(UPLOAD)
def describe(asset_id: int) -> Response | tuple[str, int]:
    """Title, description, alternative text, tags, type: those that were sent."""
    form = request.form
    tags = None if "tags" not in form else [each.strip() for each in form["tags"].split(",") if each.strip()]

    def change(session: Session, asset: Asset) -> None:
        describe_asset(
            session,
            actor(),
            asset,
            revision=revision_seen(),
            title=form.get("title"),
            description=form.get("description"),
            alt_text=form.get("alt_text"),
            tags=tags,
            type_key=form.get("type_key"),
        )

    return _changed(asset_id, change, say("Saved."))


@pages.post("/<int:asset_id>/attributes")
@open_to(UPLOAD)
def attributes(asset_id: int) -> Response | tuple[str, int]:
    """The attributes that were sent, named `attr.<key>`; an empty one is cleared."""
    raw = {
        name.removeprefix("attr."): [each for each in request.form.getlist(name) if each]
        for name in request.form
        if name.startswith("attr.")
    }

    def change(session: Session, asset: Asset) -> None:
        set_attributes(session, actor(), asset, raw, revision=revision_seen())

    return _changed(asset_id, change, say("Saved."))


@pages.post("/<int:asset_id>/rights")
@open_to(CURATE)
def rights(asset_id: int) -> Response | tuple[str, int]:
    """What it may be used for, where and when."""
    form = request.form

    def change(session: Session, asset: Asset) -> None:
        record_rights(
            session,
            actor(),
            asset,
            RightForm(
                holder=form.get("holder", ""),
                licence=form.get("licence", ""),
                credit_line=form.get("credit_line", ""),
                channels=listed(form.get("channels", "")),
                territories=[each.upper() for each in listed(form.get("territories", ""))],
                starts_on=day_typed("starts_on"),
                ends_on=day_typed("ends_on"),
                ask_first="ask_first" in form,
                terms=form.get("terms", ""),
            ),
            revision=revision_seen(),
        )

    return _changed(asset_id, change, say("The rights hold from now on."))


@pages.post("/<int:asset_id>/submit")
@open_to(UPLOAD)
def submit(asset_id: int) -> Response | tuple[str, int]:
    return _changed(
        asset_id,
        lambda session, asset: submit_asset(session, actor(), asset),
        say("Sent. A librarian decides next."),
    )


@pages.post("/<int:asset_id>/approve")
@open_to(CURATE)
def approve(asset_id: int) -> Response | tuple[str, int]:
    """Approve exactly the bytes that were looked at, if all stands as it did then: the form names both."""

    def change(session: Session, asset: Asset) -> None:
        version = _version(asset)
        approve_version(
            session,
            actor(),
            version,
            sha256=request.form.get("sha256", ""),
            seen=request.form.get("seen", ""),
            note=request.form.get("note", ""),
        )

    return _changed(asset_id, change, say("Approved: exactly these bytes."))


@pages.post("/<int:asset_id>/return")
@open_to(CURATE)
def give_back(asset_id: int) -> Response | tuple[str, int]:
    def change(session: Session, asset: Asset) -> None:
        version = _version(asset)
        return_version(
            session,
            actor(),
            version,
            sha256=request.form.get("sha256", ""),
            seen=request.form.get("seen", ""),
            reason=request.form.get("reason", ""),
        )

    return _changed(asset_id, change, say("Returned, with your reason."))


@pages.post("/<int:asset_id>/publish")
@open_to(CURATE)
def publish(asset_id: int) -> Response | tuple[str, int]:
    said = [say("Published.")]

    def change(session: Session, asset: Asset) -> None:
        opens = moment_typed("embargo_until")
        publish_asset(session, actor(), asset, embargo_until=opens)
        if opens is not None:
            said[0] = say("Published. {opens_on}", opens_on=opens_on(opens))

    return _changed(asset_id, change, lambda: said[0])


@pages.post("/<int:asset_id>/embargo")
@open_to(CURATE)
def embargo(asset_id: int) -> Response | tuple[str, int]:
    said: list[str] = []

    def change(session: Session, asset: Asset) -> None:
        opens = moment_typed("embargo_until")
        if opens is None:
            sentence = say("Say from when on it is open.")
            raise WrongValue(say("The moment is missing."), fields={"embargo_until": sentence})
        change_embargo(session, actor(), asset, opens, revision=revision_seen())
        said.append(opens_on(opens))

    return _changed(asset_id, change, lambda: said[0])


@pages.post("/<int:asset_id>/open-now")
@open_to(CURATE)
def open_now(asset_id: int) -> Response | tuple[str, int]:
    def change(session: Session, asset: Asset) -> None:
        change_embargo(session, actor(), asset, None, revision=revision_seen())

    return _changed(asset_id, change, say("It is open now."))


@pages.post("/<int:asset_id>/withdraw")
@open_to(CURATE)
def withdraw(asset_id: int) -> Response | tuple[str, int]:
    def change(session: Session, asset: Asset) -> None:
        withdraw_asset(session, actor(), asset, reason=request.form.get("reason", ""))

    return _changed(asset_id, change, say("Withdrawn. Nobody else gets it from now on."))


@pages.post("/<int:asset_id>/archive")
@open_to(CURATE)
def archive(asset_id: int) -> Response | tuple[str, int]:
    def change(session: Session, asset: Asset) -> None:
        archive_asset(session, actor(), asset, reason=request.form.get("reason", ""))

    return _changed(asset_id, change, say("Archived."))


@pages.post("/<int:asset_id>/reopen")
@open_to(CURATE)
def reopen(asset_id: int) -> Response | tuple[str, int]:
    return _changed(
        asset_id, lambda session, asset: reopen_asset(session, actor(), asset), say("Taken up again.")
    )


@pages.post("/<int:asset_id>/remove-rights")
@open_to(CURATE)
def drop_rights(asset_id: int) -> Response | tuple[str, int]:
    def change(session: Session, asset: Asset) -> None:
        reason = request.form.get("reason", "")
        remove_rights(session, actor(), asset, revision=revision_seen(), reason=reason)

    return _changed(asset_id, change, say("The rights are unknown again."))


@pages.post("/<int:asset_id>/delete")
@open_to(UPLOAD)
def delete(asset_id: int) -> Response | tuple[str, int]:
    def change(session: Session, asset: Asset) -> None:
        delete_asset(session, actor(), asset, reason=request.form.get("reason", ""))

    undo = {"label": say("Undo"), "url": f"/assets/{asset_id}/restore"} if CURATE.allows(actor()) else None
    message = {"text": say("Moved to the trash, where it is kept for 30 days."), "undo": undo}
    return _changed(asset_id, change, message, to="/library")


@pages.post("/<int:asset_id>/restore")
@open_to(CURATE)
def restore(asset_id: int) -> Response | tuple[str, int]:
    return _changed(
        asset_id,
        lambda session, asset: restore_asset(session, actor(), asset),
        say("Back, with all its ties."),
    )


def _changed(
    asset_id: int,
    change: Callable[[Session, Asset], None],
    done: Said | Callable[[], Said],
    *,
    to: str | None = None,
) -> Response | tuple[str, int]:
    number = request.form.get("v", type=int)

    def act(session: Session) -> None:
        asset = get_asset(session, actor(), asset_id)
        if asset.deleted_at is not None and _form_sent() in EDITS:
            raise _in_the_trash(session, asset)
        change(session, asset)

    return carried_out(
        act,
        said=done,
        to=to or f"/assets/{asset_id}" + (f"?v={number}" if number else ""),
        refused=lambda refusal: _page(asset_id, problem=refusal),
    )


def _form_sent() -> str:
    return request.path.rpartition("/")[2]


def _in_the_trash(session: Session, asset: Asset) -> WrongState:
    """What is told to those who see the trash; their words stay in the form."""
    who = names_around(session, asset).get(asset.deleted_by_id or 0, say("Someone"))
    sentence = say("{who} moved this to the trash. Restore it there, then save again.", who=who)
    return WrongState(sentence, state=asset.state, in_trash=True)


def _page(asset_id: int, *, problem: Refusal | None = None) -> str:
    who = actor()
    sent = _form_sent() if problem is not None else None
    typed = request.form if problem is not None else MultiDict[str, str]()
    with database().reading() as session:
        asset = get_asset(session, who, asset_id)
        versions = versions_shown_to(who, asset)
        shown = view.Shown(who, asset, _looked_at(asset, versions), versions, names_around(session, asset))
        happened = activity_of(session, who, asset).rows if SEE_ACTIVITY.allows(who, asset) else []
        used = usage_of(session, who, asset, size=MOST_USES) if SEE_USAGE.allows(who, asset) else None
        missing = missing_for_publishing(session, asset) if PUBLISH_ASSET.allows(who, asset) else []
        rows, types = attribute_rows(session, asset), asset_types(session)
        context = {
            "attributes": rows,
            "types": types,
            "collections": collections_of(who, asset),
            "grants": grants_of(session, who, asset),
            "links": [row_view(each) for each in shares_reaching(session, who, asset)],
            "may_share": SHARE.allows(who, asset) and asset.deleted_at is None,
            "all_collections": flat(tree_of(session, who, counted=False))
            if MAKE_COLLECTION.allows(who)
            else [],
        }
    began = meanwhile.Began(meanwhile.fields_of(asset, rows))
    outdated = isinstance(problem, ChangedMeanwhile) or revision_seen() != asset.revision
    if problem is not None and sent in EDITS and outdated:
        typed, problem = meanwhile.reopened(problem, typed, began.now, happened, who, rows, types)
    return render_template(
        "assets/page.html",
        asset=asset,
        version=shown.version,
        is_current=shown.is_current,
        state=view.state_tag(shown),
        stage=view.stage(shown),
        versions=view.version_rows(shown),
        downloads=view.downloads(shown),
        rights=view.rights(shown),
        facts=view.facts(shown),
        warnings=[recalled(each) for each in shown.version.warnings] if shown.version else [],
        standing=view.standing(shown),
        returned=view.returned(shown),
        actions=acts(shown, missing),
        history=asset_past.history(happened),
        uses=asset_past.uses(used) if used is not None else None,
        add_to_url="/collections/add" if MAKE_COLLECTION.allows(who) else None,
        right_labels=RIGHT_LABELS,
        # What was typed about something in the trash stays on the page, to be saved when it is back.
        may_edit=EDIT_ASSET.allows(who, asset) or sent in ("describe", "attributes"),
        may_edit_rights=EDIT_RIGHTS.allows(who, asset) or sent == "rights",
        may_add_version=ADD_VERSION.allows(who, asset),
        problem=problem,
        typed=typed,
        refused=sent,
        began=began,
        **context,
    )


def _looked_at(asset: Asset, versions: list[Version]) -> Version | None:
    """The version that `v` names; else the current one, else the newest that may be known of."""
    number = request.values.get("v", type=int)
    if number is not None:
        return _numbered(versions, number)
    return next(
        (each for each in versions if each.id == asset.current_version_id), versions[0] if versions else None
    )


def _version(asset: Asset) -> Version:
    return _numbered(versions_shown_to(actor(), asset), request.form.get("v", type=int))


def _numbered(versions: list[Version], number: int | None) -> Version:
    for version in versions:
        if version.number == number:
            return version
    raise NoSuchVersion(GONE)
