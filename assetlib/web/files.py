"""Every path of the pages that gives bytes: previews, zoom tiles, downloads, packages."""

from functools import lru_cache

from flask import Blueprint, Response, jsonify, redirect, request
from werkzeug.wrappers import Response as BaseResponse

from assetlib.catalog.actions.downloads import make_package, open_download
from assetlib.catalog.errors import NoSuchRendition, NoSuchVersion
from assetlib.catalog.models import Asset, Version
from assetlib.catalog.packaging import open_package
from assetlib.catalog.permissions.assets import VIEW_LIBRARY
from assetlib.catalog.queries.assets import GONE, get_asset, versions_shown_to
from assetlib.catalog.queries.downloads import download_of, preview_of
from assetlib.current import actor, database, house
from assetlib.media.zoom import ZoomIndex, read_index
from assetlib.policy import open_to
from assetlib.storage.blobs import pieces_of
from assetlib.storage.names import content_disposition
from assetlib.web.forms import row_number
from assetlib.web.selection import chosen_ids
from assetlib.web.sending import INERT, describe_download, send_download, send_preview
from assetlib.words import say

pages = Blueprint("files", __name__)


@pages.get("/renditions/<int:version_id>/<recipe>")
@open_to(VIEW_LIBRARY)
def rendition(version_id: int, recipe: str) -> BaseResponse:
    """A preview that a page shows. Asked each time, also before "not modified"."""
    page = request.args.get("page", 1, type=row_number)
    with database().reading() as session:
        file = preview_of(session, actor(), version_id, recipe, page=page)
    return send_preview(file)


@pages.get("/zoom/<int:version_id>")
@open_to(VIEW_LIBRARY)
def zoom(version_id: int) -> Response:
    """What a viewer must know to ask for tiles."""
    with database().reading() as session:
        file = preview_of(session, actor(), version_id, "zoom")
    index = _pyramid(file.key)
    response = jsonify(
        width=index.width,
        height=index.height,
        tile_size=index.tile_size,
        overlap=index.overlap,
        max_level=len(index.levels) - 1,
        tiles=f"/zoom/{version_id}/{{level}}/{{x}}/{{y}}?v={file.sha256[:12]}",
    )
    response.headers["Cache-Control"] = "private, no-cache"
    return response


@pages.get("/zoom/<int:version_id>/<int:level>/<int:column>/<int:row>")
@open_to(VIEW_LIBRARY)
def tile(version_id: int, level: int, column: int, row: int) -> BaseResponse:
    """One tile: a short stretch of the one file that holds them all."""
    with database().reading() as session:
        file = preview_of(session, actor(), version_id, "zoom")
    index = _pyramid(file.key)
    try:
        start, length = index.tile(level, column, row)
    except KeyError:
        raise NoSuchRendition(say("There is no such tile.")) from None
    response = Response(_read(file.key, start, length), mimetype=index.media_type)
    response.set_etag(f"{file.sha256[:16]}-{level}-{column}-{row}")
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["Content-Security-Policy"] = INERT
    return response.make_conditional(request)


def _read(key: str, start: int, length: int) -> bytes:
    with house().store.open(key, start, length) as stream:
        return b"".join(pieces_of(stream))


@lru_cache(maxsize=64)
def _pyramid(key: str) -> ZoomIndex:
    """The index of a pyramid; the bytes under a key never change, so it is read once."""
    return read_index(lambda start, length: _read(key, start, length))


@pages.get("/assets/<int:asset_id>/download")
@open_to(VIEW_LIBRARY)
def download(asset_id: int) -> BaseResponse:
    """The file, as `form` says; a version other than the current one by its number in `v`."""
    form = request.args.get("form", "original")
    number = request.args.get("v", type=row_number)
    if request.method == "HEAD":
        with database().reading() as session:
            asset, version = _wanted(get_asset(session, actor(), asset_id), number)
            return describe_download(download_of(session, actor(), asset, version, form))
    with database().transaction() as session:
        asset, version = _wanted(get_asset(session, actor(), asset_id), number)
        stretch = "Range" in request.headers
        file = open_download(session, actor(), asset, version, form, stretch=stretch)
    return send_download(file)


def _wanted(asset: Asset, number: int | None) -> tuple[Asset, Version]:
    for version in versions_shown_to(actor(), asset):
        if version.number == number or (number is None and version.id == asset.current_version_id):
            return asset, version
    raise NoSuchVersion(GONE)


@pages.post("/packages")
@open_to(VIEW_LIBRARY)
def pack() -> BaseResponse:
    """A selection as one ZIP: kept as a list, then fetched by its own address."""
    with database().transaction() as session:
        package = make_package(session, actor(), chosen_ids(), request.form.get("preset", "original"))
    return redirect(f"/packages/{package.public_id}.zip", code=303)


@pages.get("/packages/<public_id>.zip")
@open_to(VIEW_LIBRARY)
def package(public_id: str) -> Response:
    """The ZIP, streamed. Each file is decided again at the moment its bytes begin."""
    opened = open_package(database(), house().store, actor(), public_id)
    response = Response(opened.stream, mimetype="application/zip")
    response.headers["Content-Length"] = str(opened.size)
    response.headers["Content-Disposition"] = content_disposition(opened.file_name)
    response.headers["Cache-Control"] = "private, no-store"
    return response
