"""What every answer carries and every unsafe request must show: headers that narrow the browser."""

from urllib.parse import urlsplit

from flask import Flask, Response, request
from flask_wtf import CSRFProtect
from flask_wtf.csrf import CSRFError

from assetlib.current import actor
from assetlib.errors import NotAllowed
from assetlib.settings import Settings
from assetlib.sign_in import by_token
from assetlib.words import say

csrf = CSRFProtect()
PAGES_OF_LINKS = "share_page"


class ForeignRequest(NotAllowed):
    """A change was asked for from somewhere else than our own pages."""

    code = "foreign_request"


def install(app: Flask, settings: Settings) -> None:
    """Guard each unsafe request and dress each answer."""
    app.config["WTF_CSRF_CHECK_DEFAULT"] = False
    app.config["WTF_CSRF_TIME_LIMIT"] = None
    app.config["WTF_CSRF_SSL_STRICT"] = False  # asked by `_must_be_ours`, which knows pages without referrer
    csrf.init_app(app)
    app.before_request(_must_be_ours)
    on_each = _on_each(settings)
    app.after_request(lambda response: _dress(response, on_each))


def _must_be_ours() -> None:
    if request.method in ("GET", "HEAD", "OPTIONS") or by_token(request):
        # A program brings its token itself; no browser can be made to do that from elsewhere.
        return
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None and site not in ("same-origin", "none"):
        raise ForeignRequest(
            say("This came from another site and was not done. Open assetlib and try again.")
        )
    if site is None and not _comes_from_here():
        raise ForeignRequest(
            say("This came from another site and was not done. Open assetlib and try again.")
        )
    try:
        csrf.protect()
    except CSRFError as error:
        raise ForeignRequest(
            say("This page is too old. Load it again; what you typed can be sent once more.")
        ) from error


def _comes_from_here() -> bool:
    """For browsers that do not say so themselves."""
    origin = request.headers.get("Origin")
    if request.blueprint == PAGES_OF_LINKS and origin in (None, "null"):
        return True  # they send no referrer, and "null" as their origin; the form's token has to do
    if origin is not None:
        return urlsplit(origin).netloc == request.host
    return not request.is_secure or urlsplit(request.referrer or "").netloc == request.host


def _store_origin(settings: Settings) -> str:
    """The S3 server's origin with a space before it, where browsers talk to it themselves."""
    if settings.store_kind != "s3":
        return ""
    if not settings.s3_endpoint:
        return f" https://{settings.s3_bucket}.s3.{settings.s3_region}.amazonaws.com"
    parts = urlsplit(settings.s3_endpoint)
    return f" {parts.scheme}://{parts.netloc}"


def _on_each(settings: Settings) -> dict[str, str]:
    """The headers of each answer, where it has none of that name itself."""
    outside = _store_origin(settings)
    headers = {
        "Content-Security-Policy": (
            "default-src 'none'; script-src 'self'; style-src 'self'; style-src-attr 'unsafe-inline'; "
            f"img-src 'self' data: blob:{outside}; media-src 'self' blob:{outside}; font-src 'self'; "
            f"connect-src 'self'{outside}; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; "
            "frame-src 'self'; object-src 'none'"
        ),
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
    }
    if settings.secure_cookies:
        headers["Strict-Transport-Security"] = "max-age=31536000"
    return headers


# What a person may see is theirs alone; after signing out the back button must not show it.
_OF_ONE_PERSON = {"Cache-Control": "private, no-store"}


def _dress(response: Response, on_each: dict[str, str]) -> Response:
    # One look at what is there: `setdefault` would look through all of them for each.
    given = {name.lower() for name, _ in response.headers}
    for name, value in (on_each | _OF_ONE_PERSON if actor().is_signed_in else on_each).items():
        if name.lower() not in given:
            response.headers.add(name, value)
    return response
