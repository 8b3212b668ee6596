"""Build the web application: the one place where its parts are plugged together."""

from datetime import timedelta
from typing import Any

from apiflask import APIFlask
from flask.json.provider import DefaultJSONProvider
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.routing import IntegerConverter, ValidationError

from assetlib import api, guard, language, logs, metrics, refusals, sign_in, templating, web
from assetlib.database import LARGEST_ID
from assetlib.house import House, open_house
from assetlib.places import ROOT, STATIC, TEMPLATES
from assetlib.policy import ask_policy, must_all_have_policies
from assetlib.settings import MIB, Settings
from assetlib.static_files import serve_static


class RowNumber(IntegerConverter):
    """A number in an address; one that is larger than any row's key leads nowhere."""

    def to_python(self, value: str) -> int:
        if len(value) > len(str(LARGEST_ID)) or int(value) > LARGEST_ID:
            raise ValidationError
        number: int = super().to_python(value)
        return number


class Json(DefaultJSONProvider):
    """JSON as Flask has it; sentences are in the reader's language. Brackets inside brackets
    without end are unreadable, not a fault of ours."""

    def dumps(self, obj: Any, **kwargs: Any) -> str:
        return super().dumps(language.all_in_words(obj), **kwargs)

    def loads(self, s: str | bytes, **kwargs: Any) -> Any:
        try:
            return super().loads(s, **kwargs)
        except RecursionError:
            raise ValueError("nested too deeply") from None


def create_app(settings: Settings, *, house: House | None = None) -> APIFlask:
    """The application for these settings. Raises if any route has no policy."""
    house = house or open_house(settings)
    app = APIFlask(
        "assetlib",
        title="assetlib",
        version="1",
        spec_path="/api/v1/openapi.json",
        docs_path=None,  # the page it would serve loads scripts from elsewhere
        static_folder=None,  # type: ignore[arg-type]  # Flask takes None; static_files serves them
        template_folder=str(TEMPLATES),
        json_errors=False,
        root_path=str(ROOT),
    )
    templating.install(app)
    app.extensions["assetlib"] = house
    app.json = Json(app)
    app.url_map.converters["int"] = RowNumber
    _configure(app, house.settings)
    metrics.install(app, house)
    logs.install(app)
    sign_in.install(app)
    guard.install(app, house.settings)
    app.before_request(lambda: ask_policy(app))
    web.install(app)
    api.install(app)
    refusals.install(app)
    language.install(app)
    serve_static(app, STATIC)
    must_all_have_policies(app)
    if house.settings.trusted_proxies:
        hops = house.settings.trusted_proxies
        proxied = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)
        app.wsgi_app = proxied  # type: ignore[method-assign]  # how Flask takes what stands around it
    return app


def _configure(app: APIFlask, settings: Settings) -> None:
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SESSION_COOKIE_NAME="__Host-assetlib-form" if settings.secure_cookies else "assetlib-form",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.secure_cookies,
        PERMANENT_SESSION_LIFETIME=timedelta(days=7),
        MAX_CONTENT_LENGTH=16 * MIB,
        MAX_FORM_MEMORY_SIZE=500_000,
        MAX_FORM_PARTS=1_000,
        TRUSTED_HOSTS=list(settings.trusted_hosts) or None,
        TEMPLATES_AUTO_RELOAD=settings.development,
        SPEC_FORMAT="json",
        OPENAPI_VERSION="3.1.0",
        INFO={"description": "The same verbs as the pages. Refusals are problem+json."},
        AUTO_404_RESPONSE=False,
        VALIDATION_ERROR_STATUS_CODE=422,
    )
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
