"""The five kinds of refusal as HTTP statuses. The only place that knows both."""

from assetlib.errors import Conflict, Invalid, NotAllowed, NotFound, Refusal, Unavailable

STATUS_OF: dict[type[Refusal], int] = {
    NotFound: 404,
    NotAllowed: 403,
    Invalid: 422,
    Conflict: 409,
    Unavailable: 503,
}


def status_of(refusal: Refusal) -> int:
    """The status of a refusal, by its kind."""
    if isinstance(refusal, Unavailable) and refusal.code.startswith("too_many"):
        return 429
    for kind, status in STATUS_OF.items():
        if isinstance(refusal, kind):
            return status
    raise TypeError(f"{type(refusal).__name__} is none of the five kinds of refusal")
