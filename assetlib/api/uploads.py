"""Files on their way in: announce, send parts, complete, ask how it went."""

from collections.abc import Sequence
from typing import Annotated, Any, Literal, cast

from apiflask import APIBlueprint
from flask import request
from pydantic import BaseModel, Field, StringConstraints

from assetlib.addresses import asset_url, rendition_url
from assetlib.api.shapes import RowId, Shape, Text
from assetlib.catalog.models import Asset, Version
from assetlib.catalog.permissions.assets import ADD_VERSION, DELETE_ASSET, may_have_bytes
from assetlib.catalog.queries.assets import find_assets, get_asset, versions_shown_to
from assetlib.catalog.queries.uploads import Twin, twins_of_each
from assetlib.current import actor, database, house
from assetlib.planning.queries.deliverables import item_to_deliver
from assetlib.policy import open_to
from assetlib.storage.blobs import Readable
from assetlib.storage.states import REFUSED
from assetlib.storage.uploads.permissions import BEGIN_UPLOAD
from assetlib.storage.uploads.protocol import PartToSign, Progress, UploadDesk
from assetlib.storage.uploads.rules import LARGEST_PART, MOST_AT_ONCE, Announced
from assetlib.words import recalled

api = APIBlueprint("api_uploads", __name__, url_prefix="/uploads", tag="Uploads")

State = Literal["open", "verifying", "available", "refused", "cancelled"]


class UploadIn(Shape):
    """A file that is going to be sent. `fingerprint` is the client's own sign by which it knows it again."""

    name: Text
    size: int = Field(description="bytes")
    mtime: int = Field(description="milliseconds since 1970")
    fingerprint: Text
    folder: Text = Field("", description="path inside the folder that was dropped")
    as_version_of: RowId | None = Field(None, description="id of the asset that this is a new version of")
    delivered_for: RowId | None = Field(
        None,
        description="id of the item of a deliverable that this is sent for, as its next file",
    )


class UploadHeaders(BaseModel):
    idempotency_key: str | None = Field(None, description="said again, it names the same upload")


class PartHeaders(BaseModel):
    x_part_sha256: str | None = Field(None, description="of the part in hex; a damaged part is refused")


class UploadsQuery(Shape):
    state: State = "open"


class PartOut(Shape):
    n: int = Field(description="counts from 1")
    size: int = Field(description="bytes")


class StoredPartOut(PartOut):
    tag: str


class MadeOut(Shape):
    id: int
    url: str
    title: str
    thumb_url: str | None = Field(description="null until the preview is made, or where there is none")


class SameOut(Shape):
    """A version that held the same bytes before."""

    id: int = Field(description="of the asset")
    ref: str
    title: str
    url: str
    version: int
    takes_it: bool = Field(description="whether you may add these bytes to it as a new version")


class RefusalOut(Shape):
    code: str
    sentence: str


class UploadOut(Shape):
    id: str
    state: State
    name: str
    folder: str
    size: int = Field(description="bytes")
    mtime: int
    fingerprint: str
    delivered_for: int | None
    part_size: int = Field(description="bytes of every part but the last")
    transfer: Literal["put", "sign"] = Field(description="whether parts come to us or go to the store")
    parts: list[PartOut] = Field(description="what has arrived, while the upload is open")
    asset: MadeOut | None = Field(default=None, description="once available, as far as you may see it")
    version: int | None = None
    same_as: list[SameOut] = Field(default=[], description="where they were before, as far as you see")
    may_leave_out: bool = Field(default=False, description="whether you may delete what it became")
    refusal: RefusalOut | None = None


class UploadsOut(Shape):
    uploads: list[UploadOut]


class PartToSignIn(Shape):
    n: int
    size: int
    md5: Annotated[str, StringConstraints(max_length=32)] | None = Field(None, description="in base64")


class PartsToSignIn(Shape):
    parts: list[PartToSignIn] = Field(max_length=MOST_AT_ONCE)


class SignedPartOut(Shape):
    n: int
    url: str
    method: str
    headers: dict[str, str]


class SignedPartsOut(Shape):
    parts: list[SignedPartOut]


@api.url_value_preprocessor
def _let_parts_be_large(endpoint: str | None, values: dict[str, Any] | None) -> None:  # noqa: ARG001
    """Only here may a body be as large as a part; it is said before anything looks at the body."""
    if endpoint == "api_uploads.put_part":
        request.max_content_length = LARGEST_PART


@api.post("")
@api.input(UploadIn)
@api.input(UploadHeaders, location="headers")
@api.output(UploadOut, status_code=201)
@open_to(BEGIN_UPLOAD)
def begin(json_data: UploadIn, headers_data: UploadHeaders) -> tuple[UploadOut, int]:
    """Announce a file. One that is on its way already goes on: 200, with the parts that have arrived."""
    said = json_data.model_dump()
    if json_data.delivered_for is not None:
        with database().reading() as session:
            said["as_version_of"] = item_to_deliver(session, actor(), json_data.delivered_for).asset_id
    elif json_data.as_version_of is not None:
        with database().reading() as session:
            ADD_VERSION.require(actor(), get_asset(session, actor(), json_data.as_version_of))
    announced = Announced(**said)
    progress, is_new = _desk().begin(actor(), announced, idempotency_key=headers_data.idempotency_key or None)
    return _shown(progress), 201 if is_new else 200


@api.get("")
@api.input(UploadsQuery, location="query")
@api.output(UploadsOut)
@open_to(BEGIN_UPLOAD)
def index(query_data: UploadsQuery) -> UploadsOut:
    """Your own uploads in one state, the newest first."""
    return UploadsOut(uploads=_all_shown(_desk().mine(actor(), query_data.state)))


@api.get("/<public_id>")
@api.output(UploadOut)
@open_to(BEGIN_UPLOAD)
def show(public_id: str) -> UploadOut:
    """How far an upload is, and what became of it."""
    return _shown(_desk().look(actor(), public_id))


@api.put("/<public_id>/parts/<int:number>")
@api.input(PartHeaders, location="headers")
@api.output(StoredPartOut)
@open_to(BEGIN_UPLOAD)
def put_part(public_id: str, number: int, headers_data: PartHeaders) -> StoredPartOut:
    """Send a part: its bytes are the body. Sent again, it takes the place of the one before."""
    part = _desk().receive_part(
        actor(),
        public_id,
        number,
        _body(),
        _length(),
        headers_data.x_part_sha256,
    )
    return StoredPartOut(n=part.number, size=part.size, tag=part.tag)


@api.post("/<public_id>/parts/sign")
@api.input(PartsToSignIn)
@api.output(SignedPartsOut)
@open_to(BEGIN_UPLOAD)
def sign_parts(public_id: str, json_data: PartsToSignIn) -> SignedPartsOut:
    """Addresses to which parts go, where the store takes them itself (`transfer` is `sign`)."""
    asked = [PartToSign(each.n, each.size, each.md5) for each in json_data.parts]
    return SignedPartsOut(
        parts=[
            SignedPartOut(n=number, url=signed.url, method=signed.method, headers=dict(signed.headers))
            for number, signed in _desk().sign_parts(actor(), public_id, asked)
        ]
    )


@api.post("/<public_id>/complete")
@api.output(UploadOut, status_code=202)
@open_to(BEGIN_UPLOAD)
def complete(public_id: str) -> UploadOut:
    """All parts are sent: the file is looked at now. Saying it twice changes nothing."""
    return _shown(_desk().complete(actor(), public_id))


@api.delete("/<public_id>")
@api.output({}, status_code=204)
@open_to(BEGIN_UPLOAD)
def cancel(public_id: str) -> str:
    """Let go of an upload that has not arrived yet."""
    _desk().cancel(actor(), public_id)
    return ""


def _body() -> Readable:
    """The body as the server hands it out, where that ends by itself: it spares three copies of each byte."""
    if request.environ.get("wsgi.input_terminated"):
        return cast("Readable", request.environ["wsgi.input"])
    return cast("Readable", request.stream)


def _length() -> int | None:
    """The bytes that the body says it has; None when it does not say. No word of a body means none."""
    if request.content_length is None and "Transfer-Encoding" not in request.headers:
        return 0
    return request.content_length


def _desk() -> UploadDesk:
    return UploadDesk(house().database, house().store, house().settings.largest_file)


def _shown(progress: Progress) -> UploadOut:
    return _all_shown([progress])[0]


def _all_shown(progresses: Sequence[Progress]) -> list[UploadOut]:
    """Uploads with what came of them, in as many statements for many as for one."""
    made = [each.upload.asset_id for each in progresses if each.upload.asset_id is not None]
    if not made:
        return [_own_part(each) for each in progresses]
    with database().reading() as session:
        assets = find_assets(session, actor(), made)
        versions = {
            (asset.id, version.number): (asset, version)
            for asset in assets.values()
            for version in versions_shown_to(actor(), asset)
        }
        found = {
            each.upload.id: versions.get((each.upload.asset_id or 0, each.upload.version_number or 0))
            for each in progresses
        }
        twins = twins_of_each(session, actor(), [pair[1] for pair in found.values() if pair is not None])
        shown = [_own_part(each) for each in progresses]
        for progress, out in zip(progresses, shown, strict=True):
            # An asset may be deleted since, or taken out of the uploader's sight.
            pair = found[progress.upload.id]
            if pair is not None:
                _show_what_came_of_it(out, *pair, twins[pair[1].id])
        return shown


def _own_part(progress: Progress) -> UploadOut:
    """What the upload's own row says, and its parts."""
    upload = progress.upload
    refused = upload.state == REFUSED
    return UploadOut(
        id=upload.public_id,
        state=upload.state,  # type: ignore[arg-type]  # the column holds one of these
        name=upload.name,
        folder=upload.folder,
        size=upload.size,
        mtime=upload.mtime,
        fingerprint=upload.fingerprint,
        delivered_for=upload.delivered_for,
        part_size=upload.part_size,
        transfer=progress.transfer,
        parts=[PartOut(n=part.number, size=part.size) for part in progress.parts],
        refusal=RefusalOut(code=upload.refusal_code or "", sentence=recalled(upload.refusal or ""))
        if refused
        else None,
    )


def _show_what_came_of_it(shown: UploadOut, asset: Asset, version: Version, twins: Sequence[Twin]) -> None:
    shown.asset = _made(asset, version)
    shown.version = version.number
    shown.same_as = [_same(each) for each in twins]
    shown.may_leave_out = version.number == 1 and DELETE_ASSET.allows(actor(), asset)


def _same(twin: Twin) -> SameOut:
    asset = twin.asset
    return SameOut(
        id=asset.id,
        ref=asset.ref,
        title=asset.title,
        url=asset_url(asset),
        version=twin.number,
        takes_it=twin.takes_it,
    )


def _made(asset: Asset, version: Version) -> MadeOut:
    drawn = version.preview_state == "ready" and may_have_bytes(actor(), asset, version, "preview").is_yes
    return MadeOut(
        id=asset.id,
        url=asset_url(asset, version),
        title=asset.title,
        thumb_url=rendition_url(version, "thumb") if drawn else None,
    )
