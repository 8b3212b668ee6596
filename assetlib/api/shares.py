"""Links for people without an account."""

from datetime import datetime, timedelta

from apiflask import APIBlueprint
from pydantic import AwareDatetime, Field
from sqlalchemy.orm import Session

from assetlib import clock
from assetlib.api.shapes import Query, RowId, Shape, Text
from assetlib.catalog.actions import shares as actions
from assetlib.catalog.models import Share
from assetlib.catalog.permissions.assets import SHARE
from assetlib.catalog.permissions.shares import SEE_SHARES, TAKE_BACK
from assetlib.catalog.queries.collections import get_collection
from assetlib.catalog.queries.shares import ShareRow, accesses_of, get_share, rows_of, shares_page
from assetlib.current import actor, database, house
from assetlib.policy import open_to
from assetlib.sharing import give_password, hashed, link_url

api = APIBlueprint("api_shares", __name__, url_prefix="/shares", tag="Shares")


class TermsIn(Shape):
    name: Text
    message: Text = ""
    forms: list[Text] = Field(default_factory=list, max_length=20, description="none: looking only")
    expires_at: AwareDatetime | None = Field(None, description="none: after the days that the house sets")
    download_limit: int | None = Field(None, description="files, over all who have the link")


class ShareIn(TermsIn):
    """Either `assets`, or a `collection` with all that lies in it at any time."""

    assets: list[RowId] = Field(default_factory=list, max_length=2_000)
    collection: RowId | None = None
    password: Text | None = None


class ShareChange(TermsIn):
    """All of it but what it opens and its password. `revision` is the one that was read."""

    revision: int


class PasswordIn(Shape):
    password: Text | None = Field(description="null: none is asked for any more")
    revision: int


class ShareOut(Shape):
    id: int
    name: str
    message: str
    hint: str = Field(description="the first characters of the link")
    maker: int
    assets: list[int]
    collection: int | None
    forms: list[str]
    expires_at: datetime
    has_password: bool
    download_limit: int | None
    downloads: int
    opened: int
    state: str = Field(description="open, ended, revoked or used_up")
    created_at: datetime
    revision: int


class ShareMade(ShareOut):
    url: str = Field(description="the link itself, told this once")


class SharesQuery(Query):
    everybody: bool = Field(default=False, description="for those who look after all links")


class SharesOut(Shape):
    total: int
    page: int
    size: int
    shares: list[ShareOut]


class AccessOut(Shape):
    at: datetime
    what: str = Field(description="opened, refused, downloaded or resumed")
    asset: int | None
    form: str
    network: str


class AccessesOut(Shape):
    total: int
    page: int
    size: int
    accesses: list[AccessOut]


@api.get("")
@api.input(SharesQuery, location="query")
@api.output(SharesOut)
@open_to(SEE_SHARES)
def index(query_data: SharesQuery) -> SharesOut:
    """Your links, the newest first."""
    with database().reading() as session:
        page = shares_page(
            session,
            actor(),
            all_of_them=query_data.everybody,
            with_items=True,
            number=query_data.page,
            size=query_data.size,
        )
        rows = [_told(row) for row in page.rows]
    return SharesOut(total=page.total, page=page.number, size=page.size, shares=rows)


@api.post("")
@api.input(ShareIn)
@api.output(ShareMade, status_code=201)
@open_to(SHARE)
def make(json_data: ShareIn) -> ShareMade:
    """Make a link. It opens what is published, approved and cleared, while you may download it yourself."""
    password_hash = hashed(json_data.password) if json_data.password is not None else None
    if json_data.password == "":
        hashed(" ")  # no password at all is refused like a weak one
    with database().transaction() as session:
        collection = (
            get_collection(session, actor(), json_data.collection)
            if json_data.collection is not None
            else None
        )
        share, token = actions.make_share(
            session,
            actor(),
            _terms(json_data),
            longest_days=house().settings.share_longest_days,
            asset_ids=json_data.assets,
            collection=collection,
            password_hash=password_hash,
        )
        out = _out(session, share)
    return ShareMade(**out.model_dump(), url=link_url(token))


@api.get("/<int:share_id>")
@api.output(ShareOut)
@open_to(SEE_SHARES)
def show(share_id: int) -> ShareOut:
    """One link."""
    with database().reading() as session:
        return _out(session, get_share(session, actor(), share_id))


@api.put("/<int:share_id>")
@api.input(ShareChange)
@api.output(ShareOut)
@open_to(SHARE)
def change(share_id: int, json_data: ShareChange) -> ShareOut:
    """Another name, message, end, limit, other forms."""
    with database().transaction() as session:
        share = get_share(session, actor(), share_id)
        actions.change_share(
            session,
            actor(),
            share,
            _terms(json_data, share.expires_at),
            revision=json_data.revision,
            longest_days=house().settings.share_longest_days,
        )
        return _out(session, share)


@api.put("/<int:share_id>/password")
@api.input(PasswordIn)
@api.output(ShareOut)
@open_to(SHARE)
def password(share_id: int, json_data: PasswordIn) -> ShareOut:
    """Ask for another password, or for none. The link has to be opened anew in every browser."""
    if json_data.password == "":
        hashed(" ")  # nothing is dropped by accident
    give_password(share_id, json_data.password or "", json_data.revision)
    return show_again(share_id)


@api.post("/<int:share_id>/revoke")
@api.output(ShareOut)
@open_to(TAKE_BACK)
def revoke(share_id: int) -> ShareOut:
    """Take it back: nothing is given from this moment on."""
    with database().transaction() as session:
        share = get_share(session, actor(), share_id)
        actions.revoke_share(session, actor(), share)
        return _out(session, share)


@api.get("/<int:share_id>/accesses")
@api.input(Query, location="query")
@api.output(AccessesOut)
@open_to(SEE_SHARES)
def accesses(share_id: int, query_data: Query) -> AccessesOut:
    """Everything that was done with it, the latest first."""
    with database().reading() as session:
        share = get_share(session, actor(), share_id)
        page = accesses_of(session, actor(), share, number=query_data.page, size=query_data.size)
    return AccessesOut(
        total=page.total,
        page=page.number,
        size=page.size,
        accesses=[
            AccessOut(at=each.at, what=each.what, asset=each.asset_id, form=each.form, network=each.address)
            for each in page.rows
        ],
    )


def show_again(share_id: int) -> ShareOut:
    with database().reading() as session:
        return _out(session, get_share(session, actor(), share_id))


def _terms(asked: TermsIn, now: datetime | None = None) -> actions.Terms:
    ends = asked.expires_at or now or clock.now() + timedelta(days=house().settings.share_days)
    return actions.Terms(asked.name, asked.message, asked.forms, ends, asked.download_limit)


def _out(session: Session, share: Share) -> ShareOut:
    return _told(rows_of(session, [share])[0])


def _told(row: ShareRow) -> ShareOut:
    share = row.share
    return ShareOut(
        id=share.id,
        name=share.name,
        message=share.message,
        hint=share.hint,
        maker=share.maker_id,
        assets=[each.asset_id for each in share.items],
        collection=share.collection_id,
        forms=share.forms,
        expires_at=share.expires_at,
        has_password=share.password_hash is not None,
        download_limit=share.download_limit,
        downloads=share.downloads,
        opened=row.opened,
        state=row.state,
        created_at=share.created_at,
        revision=share.revision,
    )
