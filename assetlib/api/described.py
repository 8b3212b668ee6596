"""What the document of the API says of each operation beside its shapes: the ways in, and how it says no."""

from typing import Any

from apiflask import APIFlask

from assetlib.access.permission import OPEN_TO_ALL
from assetlib.policy import policy_of

TOKEN, BROWSER = "token", "browser"
SCHEMES = {
    TOKEN: {
        "type": "http",
        "scheme": "bearer",
        "description": "A token made at /account/tokens. It acts in its owner's name, within its scopes; the "
        "scope that an operation asks for stands with it. What is open to people alone names no token.",
    },
    BROWSER: {
        "type": "apiKey",
        "in": "cookie",
        "name": "assetlib",
        "description": "A signed-in browser; over TLS the cookie is called __Host-assetlib. Whatever changes "
        "something also sends the page's form token as X-CSRF-Token.",
    },
}
PROBLEM = {
    "type": "object",
    "description": "A refusal, as RFC 9457 has it.",
    "required": ["type", "title", "status", "detail", "code"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "for people, in their language: what to do next"},
        "code": {"type": "string", "description": "for programs; stays the same"},
        "fields": {"type": "object", "additionalProperties": {"type": "string"}},
        "retry_after": {"type": "integer", "description": "seconds"},
    },
    "additionalProperties": True,
}
NOT_SIGNED_IN = "Nobody is signed in, or the token opens nothing: `sign_in_first`."
NOT_OPEN = (
    "Not open to you, or not within the token's scopes (`not_in_token_scope`), or first a fresh proof of who "
    "you are is asked for (`confirm_first`)."
)
NOT_THERE = "It is not there, or not visible to you."
CHANGED = (
    "It changed since you read it, or is not in a state for this; `current` says how it is, where that helps."
)
TOO_FAST = "Too many tries. `retry_after`, and the header Retry-After, say how many seconds to wait."
CHANGING = ("post", "put", "patch", "delete")


def install(app: APIFlask) -> None:
    """The document is completed each time it is put together."""

    @app.spec_processor
    def complete(document: dict[str, Any] | str) -> dict[str, Any] | str:
        assert isinstance(document, dict)  # noqa: S101  # text only where YAML is asked for
        components = document.setdefault("components", {})
        components["securitySchemes"] = SCHEMES
        components.setdefault("schemas", {})["Problem"] = PROBLEM
        for rule in app.url_map.iter_rules():
            path = document["paths"].get(_as_described(rule.rule), {})
            for method in rule.methods or ():
                if method.lower() in path and not rule.rule.endswith("openapi.json"):
                    _complete(
                        app, rule.endpoint, method.lower(), path[method.lower()], has_id="<" in rule.rule
                    )
        return document


def _complete(app: APIFlask, endpoint: str, method: str, operation: dict[str, Any], *, has_id: bool) -> None:
    permission = policy_of(app, endpoint)
    answers: dict[str, str] = {}
    if permission is None or permission is OPEN_TO_ALL:
        operation["security"] = []
    else:
        by_token = [{TOKEN: [permission.token]}] if permission.token is not None else []
        operation["security"] = [*by_token, {BROWSER: []}]
        answers |= {"401": NOT_SIGNED_IN, "403": NOT_OPEN}
    if has_id:
        answers["404"] = NOT_THERE
    if method in CHANGING:
        answers |= {"409": CHANGED, "429": TOO_FAST}
    for status, sentence in answers.items():
        operation["responses"].setdefault(status, _refusal(sentence))


def _refusal(sentence: str) -> dict[str, Any]:
    shape = {"$ref": "#/components/schemas/Problem"}
    return {"description": sentence, "content": {"application/problem+json": {"schema": shape}}}


def _as_described(rule: str) -> str:
    """`/assets/<int:asset_id>` as the document writes it: `/assets/{asset_id}`."""
    pieces = rule.replace(">", "<").split("<")
    return "".join(
        f"{{{each.rpartition(':')[2]}}}" if number % 2 else each for number, each in enumerate(pieces)
    )
