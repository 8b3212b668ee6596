"""Bytes on their way to a browser: after the decision, never instead of it."""

from flask import Response, redirect, request, send_file
from werkzeug.wrappers import Response as BaseResponse

from assetlib.catalog.queries.downloads import FileToSend
from assetlib.current import house
from assetlib.storage.names import content_disposition

SECONDS = 60
# A file of somebody else's is never run in our pages' name, whatever a browser makes of it.
INERT = "default-src 'none'; sandbox"


def send_preview(file: FileToSend) -> BaseResponse:
    """A picture or film of our own making, shown in place. The browser may keep it, but asks each time."""
    response = _send(file, attachment=False)
    if response.status_code in (200, 206, 304):
        response.headers["Cache-Control"] = "private, no-cache"
    return response


def send_download(file: FileToSend) -> BaseResponse:
    """A file to keep: an attachment, sniffed by nobody, cached by nobody."""
    response = _send(file, attachment=True)
    response.headers["Cache-Control"] = "private, no-store"
    return response


def describe_download(file: FileToSend) -> BaseResponse:
    """What a download would be, without its bytes and without an address that gives them."""
    response = Response(mimetype=file.media_type)
    response.content_length = file.size
    response.set_etag(file.sha256)
    response.headers["Accept-Ranges"] = "bytes"
    response.headers["Cache-Control"] = "private, no-store"
    return _inert(response, file, attachment=True)


def asks_for_the_rest(file: FileToSend) -> bool:
    """Whether the request leaves out the beginning of just this file, so that somebody goes on with it."""
    asked, condition = request.range, request.if_range
    if asked is None or condition.date is not None or condition.etag not in (None, file.sha256):
        return False
    stretch = asked.range_for_length(file.size)
    return stretch is not None and stretch[0] > 0


def _send(file: FileToSend, *, attachment: bool) -> BaseResponse:
    store = house().store
    url = store.url(
        file.key, seconds=SECONDS, file_name=file.file_name, media_type=file.media_type, attachment=attachment
    )
    if url is not None:
        # An address of the store is a key for whoever holds it, so it lives for a minute only.
        moved: BaseResponse = redirect(url)
        moved.headers["Cache-Control"] = "private, no-store"
        return moved
    response = _not_modified(file)
    if response is None:
        with store.local_path(file.key) as path:
            response = send_file(
                path,
                mimetype=file.media_type,
                conditional=True,
                etag=file.sha256,
                last_modified=None,
                max_age=None,
            )
    return _inert(response, file, attachment=attachment)


def _not_modified(file: FileToSend) -> Response | None:
    """The answer to a browser that has these bytes: the store need not be opened for it."""
    if not request.if_none_match:
        return None
    response = Response()
    response.set_etag(file.sha256)
    response.make_conditional(request)
    return response if response.status_code == 304 else None


def _inert(response: Response, file: FileToSend, *, attachment: bool) -> Response:
    response.headers["Content-Disposition"] = content_disposition(file.file_name) if attachment else "inline"
    response.headers["Content-Security-Policy"] = INERT
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
