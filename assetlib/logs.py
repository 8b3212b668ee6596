"""Log lines with a request's id, as JSON for machines or as text for people."""

import logging
import re
import time
import traceback
from collections.abc import Iterator
from typing import Any

import structlog
from flask import Flask, Response, g, request
from sqlalchemy.exc import SQLAlchemyError
from structlog.typing import ExcInfo

from assetlib.current import actor, request_id
from assetlib.settings import Settings


def set_up(settings: Settings) -> None:
    """Send every log line, ours and the libraries', through one shape."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.ExceptionRenderer(_without_what_people_typed),
    ]
    last: Any = (
        structlog.processors.JSONRenderer()
        if settings.log_format == "json"
        else structlog.dev.ConsoleRenderer()
    )
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
    )
    handler = logging.StreamHandler()
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(foreign_pre_chain=shared, processor=last))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.INFO)


def _without_what_people_typed(exc_info: ExcInfo) -> str:
    """An exception as text; a database error quotes values in its words, so only kind and place are told."""
    error = exc_info[1]
    if not any(isinstance(each, SQLAlchemyError) for each in _and_its_causes(error)):
        return "".join(traceback.format_exception(error)).rstrip()
    return "".join(traceback.format_tb(error.__traceback__)) + type(error).__name__


def _and_its_causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


log = structlog.get_logger("assetlib")


PATHS_WITH_A_TOKEN = ("/s/", "/welcome/", "/new-password/", "/feeds/")
"""What follows in these addresses opens a door. `deploy/nginx/assetlib.conf` knows them too."""
_WORDS = "|".join(re.escape(path.strip("/")) for path in PATHS_WITH_A_TOKEN)
# A slash too many is forgiven, so the address with it tells as much.
_SECRET_PATH = re.compile(rf"^(/+(?:{_WORDS})/+).+", re.DOTALL)


def telling_nothing(path: str) -> str:
    """The path without the token of a link, which would open it to whoever reads the log."""
    return _SECRET_PATH.sub(r"\1…", path)


def install(app: Flask) -> None:
    """One line per request, when it is over."""

    def begin() -> None:
        g.began = time.perf_counter()

    def end(response: Response) -> Response:
        response.headers["X-Request-Id"] = request_id()
        if request.endpoint not in ("static", "health.healthz"):
            log.info(
                "request",
                request_id=request_id(),
                method=request.method,
                path=telling_nothing(request.path),
                status=response.status_code,
                ms=round((time.perf_counter() - g.get("began", time.perf_counter())) * 1000, 1),
                person=actor().person_id,
            )
        return response

    app.before_request(begin)
    app.after_request(end)
