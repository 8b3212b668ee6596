"""Assets: read, describe, decide, publish, delete."""

from apiflask import APIBlueprint
from sqlalchemy.orm import Session

from assetlib.access.actor import Actor
from assetlib.addresses import asset_url, rendition_url
from assetlib.api.shapes import (
    AssetChange,
    AssetOut,
    Embargo,
    Publishing,
    Reason,
    RightIn,
    RightOut,
    Seen,
    Verdict,
    VerdictOut,
    VersionOut,
)
from assetlib.catalog.actions.assets import describe_asset
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
from assetlib.catalog.errors import NoSuchVersion
from assetlib.catalog.models import Asset, UsageRight, Version
from assetlib.catalog.permissions.assets import (
    CURATE,
    DECIDE_VERSION,
    SEE_ACTIVITY,
    UPLOAD,
    VIEW_LIBRARY,
    may_have_bytes,
    use_state,
)
from assetlib.catalog.queries.assets import get_asset, names_around, versions_shown_to
from assetlib.catalog.queries.verdicts import standing_of
from assetlib.catalog.rules.rights import Answer
from assetlib.catalog.rules.rights_forms import RightForm
from assetlib.current import actor, database
from assetlib.policy import open_to
from assetlib.words import recalled, say

api = APIBlueprint("api_assets", __name__, url_prefix="/assets", tag="Assets")


@api.get("/<int:asset_id>")
@api.output(AssetOut)
@open_to(VIEW_LIBRARY)
def show(asset_id: int) -> AssetOut:
    """An asset with the versions that you may know of."""
    with database().reading() as session:
        return asset_out(session, actor(), get_asset(session, actor(), asset_id))


@api.patch("/<int:asset_id>")
@api.input(AssetChange)
@api.output(AssetOut)
@open_to(UPLOAD)
def describe(asset_id: int, json_data: AssetChange) -> AssetOut:
    """Change title, description, alternative text, tags or type."""
    with database().transaction() as session:
        describe_asset(
            session,
            actor(),
            get_asset(session, actor(), asset_id),
            revision=json_data.revision,
            title=json_data.title,
            description=json_data.description,
            alt_text=json_data.alt_text,
            tags=json_data.tags,
            type_key=json_data.type,
        )
        return _afresh(session, asset_id)


@api.put("/<int:asset_id>/right")
@api.input(RightIn)
@api.output(AssetOut)
@open_to(CURATE)
def put_right(asset_id: int, json_data: RightIn) -> AssetOut:
    """Record what the asset may be used for, where and when."""
    with database().transaction() as session:
        form = RightForm(**json_data.model_dump(exclude={"revision"}))
        asset = get_asset(session, actor(), asset_id)
        record_rights(session, actor(), asset, form, revision=json_data.revision)
        return _afresh(session, asset_id)


@api.delete("/<int:asset_id>/right")
@api.input(Seen, location="query")
@api.output(AssetOut)
@open_to(CURATE)
def drop_right(asset_id: int, query_data: Seen) -> AssetOut:
    """Make the rights unknown again."""
    with database().transaction() as session:
        asset = get_asset(session, actor(), asset_id)
        remove_rights(session, actor(), asset, revision=query_data.revision)
        return _afresh(session, asset_id)


@api.post("/<int:asset_id>/submit")
@api.output(AssetOut)
@open_to(UPLOAD)
def submit(asset_id: int) -> AssetOut:
    """Send a draft for approval."""
    with database().transaction() as session:
        submit_asset(session, actor(), get_asset(session, actor(), asset_id))
        return _afresh(session, asset_id)


@api.post("/<int:asset_id>/approve")
@api.input(Verdict)
@api.output(AssetOut)
@open_to(CURATE)
def approve(asset_id: int, json_data: Verdict) -> AssetOut:
    """Approve exactly the bytes of a version."""
    with database().transaction() as session:
        version = _version(get_asset(session, actor(), asset_id), json_data.version)
        approve_version(
            session, actor(), version, sha256=json_data.sha256, seen=json_data.seen, note=json_data.note
        )
        return _afresh(session, asset_id)


@api.post("/<int:asset_id>/return")
@api.input(Verdict)
@api.output(AssetOut)
@open_to(CURATE)
def give_back(asset_id: int, json_data: Verdict) -> AssetOut:
    """Return a version; the note says why."""
    with database().transaction() as session:
        version = _version(get_asset(session, actor(), asset_id), json_data.version)
        return_version(
            session, actor(), version, sha256=json_data.sha256, seen=json_data.seen, reason=json_data.note
        )
        return _afresh(session, asset_id)


@api.post("/<int:asset_id>/publish")
@api.input(Publishing)
@api.output(AssetOut)
@open_to(CURATE)
def publish(asset_id: int, json_data: Publishing) -> AssetOut:
    """Open it to those it is for, now or from a moment on."""
    with database().transaction() as session:
        asset = get_asset(session, actor(), asset_id)
        publish_asset(session, actor(), asset, embargo_until=json_data.embargo_until)
        return _afresh(session, asset_id)


@api.put("/<int:asset_id>/embargo")
@api.input(Embargo)
@api.output(AssetOut)
@open_to(CURATE)
def put_embargo(asset_id: int, json_data: Embargo) -> AssetOut:
    """Change the moment at which a published asset opens that waits for one."""
    with database().transaction() as session:
        asset = get_asset(session, actor(), asset_id)
        change_embargo(session, actor(), asset, json_data.embargo_until, revision=json_data.revision)
        return _afresh(session, asset_id)


@api.post("/<int:asset_id>/withdraw")
@api.input(Reason)
@api.output(AssetOut)
@open_to(CURATE)
def withdraw(asset_id: int, json_data: Reason) -> AssetOut:
    """Close a published asset, from this moment on."""
    with database().transaction() as session:
        withdraw_asset(session, actor(), get_asset(session, actor(), asset_id), reason=json_data.reason)
        return _afresh(session, asset_id)


@api.post("/<int:asset_id>/archive")
@api.input(Reason)
@api.output(AssetOut)
@open_to(CURATE)
def archive(asset_id: int, json_data: Reason) -> AssetOut:
    """Put away what is no longer used."""
    with database().transaction() as session:
        archive_asset(session, actor(), get_asset(session, actor(), asset_id), reason=json_data.reason)
        return _afresh(session, asset_id)


@api.post("/<int:asset_id>/reopen")
@api.output(AssetOut)
@open_to(CURATE)
def reopen(asset_id: int) -> AssetOut:
    """Take up again what was withdrawn or archived."""
    with database().transaction() as session:
        reopen_asset(session, actor(), get_asset(session, actor(), asset_id))
        return _afresh(session, asset_id)


@api.delete("/<int:asset_id>")
@api.input(Reason, location="query")
@api.output({}, status_code=204)
@open_to(UPLOAD)
def delete(asset_id: int, query_data: Reason) -> str:
    """Put it into the trash, where it is kept for 30 days."""
    with database().transaction() as session:
        delete_asset(session, actor(), get_asset(session, actor(), asset_id), reason=query_data.reason)
    return ""


@api.post("/<int:asset_id>/restore")
@api.output(AssetOut)
@open_to(CURATE)
def restore(asset_id: int) -> AssetOut:
    """Take it out of the trash, with all its ties."""
    with database().transaction() as session:
        restore_asset(session, actor(), get_asset(session, actor(), asset_id))
        return _afresh(session, asset_id)


def _afresh(session: Session, asset_id: int) -> AssetOut:
    session.flush()
    return asset_out(session, actor(), get_asset(session, actor(), asset_id))


def _version(asset: Asset, number: int) -> Version:
    for version in versions_shown_to(actor(), asset):
        if version.number == number:
            return version
    raise NoSuchVersion(say("There is no such version, or it is not open to you."))


def asset_out(session: Session, who: Actor, asset: Asset) -> AssetOut:
    """An asset from `get_asset`, as this actor may know it."""
    names = names_around(session, asset) if SEE_ACTIVITY.allows(who, asset) else {}
    versions = versions_shown_to(who, asset)
    current = next((each for each in versions if each.id == asset.current_version_id), None)
    nothing = Answer("no", say("There is no version that you may have."), "no_version")
    answer = may_have_bytes(who, asset, current, "download") if current is not None else nothing
    return AssetOut(
        id=asset.id,
        ref=asset.ref,
        title=asset.title,
        description=asset.description,
        alt_text=asset.alt_text,
        type=asset.type_key,
        state=asset.state,
        tags=asset.tags,
        attributes=asset.attributes,
        right=right_out(asset.right),
        rights_state=use_state(asset),
        may_download=answer.is_yes,
        why_not=answer.reason,
        embargo_until=asset.embargo_until,
        deleted_at=asset.deleted_at,
        uses=asset.uses,
        revision=asset.revision,
        created_at=asset.created_at,
        updated_at=asset.updated_at,
        url=asset_url(asset),
        versions=[version_out(who, asset, each, names) for each in versions],
    )


def version_out(who: Actor, asset: Asset, version: Version, names: dict[int, str]) -> VersionOut:
    shown = version.preview_state == "ready" and may_have_bytes(who, asset, version, "preview").is_yes
    return VersionOut(
        id=version.id,
        number=version.number,
        sha256=version.sha256,
        size=version.size,
        file_name=version.file_name,
        media_type=version.media_type,
        format=version.format,
        width=version.width,
        height=version.height,
        pages=version.pages,
        duration_ms=version.duration_ms,
        is_current=version.id == asset.current_version_id,
        is_approved=version.is_approved,
        verdict=verdict_out(version, names) if SEE_ACTIVITY.allows(who, asset) else None,
        standing=str(standing_of(asset, version)) if DECIDE_VERSION.allows(who, asset) else None,
        preview_state=version.preview_state,
        warnings=[recalled(each) for each in version.warnings],
        created_at=version.created_at,
        preview_url=rendition_url(version, "preview") if shown else None,
    )


def verdict_out(version: Version, names: dict[int, str]) -> VerdictOut | None:
    """What was said last."""
    if not version.approvals:
        return None
    last = version.approvals[-1]
    return VerdictOut(verdict=last.verdict, person=names.get(last.person_id, ""), at=last.at, note=last.note)


def right_out(right: UsageRight | None) -> RightOut | None:
    if right is None:
        return None
    return RightOut(
        holder=right.holder,
        licence=right.licence,
        credit_line=right.credit_line,
        channels=right.channels,
        territories=right.territories,
        starts_on=right.starts_on,
        ends_on=right.ends_on,
        ask_first=right.ask_first,
        terms=right.terms,
    )
