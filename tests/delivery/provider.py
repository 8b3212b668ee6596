"""A small OpenID provider on loopback: discovery, keys, a sign-in that says yes, and a token endpoint.

It holds the product to the protocol: a code is taken once, with the client's secret and the right verifier.
"""

import base64
import hashlib
import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from flask import Flask, jsonify, redirect, request
from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey
from werkzeug.serving import make_server

from assetlib import clock

CLIENT, SECRET = "assetlib-here", "a secret of the client & of nobody else"


@dataclass
class SmallProvider:
    """Whom it vouches for, and what it does wrong when it is told to."""

    issuer: str = ""
    claims: dict[str, Any] = field(default_factory=dict)
    """Over what it would say."""
    asked: list[dict[str, str]] = field(default_factory=list)
    """What came to the sign-in page."""
    tokens: int = 0
    away: bool = False
    redirects: bool = False
    key: Any = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "one"}, private=True))
    signs_with: Any = None
    _codes: dict[str, dict[str, str]] = field(default_factory=dict)

    def new_key(self, kid: str) -> None:
        self.key = RSAKey.generate_key(2048, {"kid": kid}, private=True)

    def app(self) -> Flask:
        app = Flask("small-provider")
        app.add_url_rule("/.well-known/openid-configuration", view_func=self._about)
        app.add_url_rule("/keys", view_func=self._keys)
        app.add_url_rule("/authorize", view_func=self._authorize)
        app.add_url_rule("/token", view_func=self._token, methods=["POST"])
        return app

    def _about(self) -> Any:
        if self.away:
            return "away", 503
        names = {"authorization_endpoint": "authorize", "token_endpoint": "token", "jwks_uri": "keys"}
        return jsonify(issuer=self.issuer, **{key: f"{self.issuer}/{path}" for key, path in names.items()})

    def _keys(self) -> Any:
        return jsonify(KeySet([self.key]).as_dict(private=False))

    def _authorize(self) -> Any:
        asked = request.args.to_dict()
        self.asked.append(asked)
        assert (asked["response_type"], asked["client_id"]) == ("code", CLIENT)
        assert asked["code_challenge_method"] == "S256"
        assert set(asked["scope"].split()) == {"openid", "email", "profile"}
        code = secrets.token_urlsafe(16)
        self._codes[code] = asked
        return redirect(asked["redirect_uri"] + "?" + urlencode({"code": code, "state": asked["state"]}))

    def _token(self) -> Any:
        if self.redirects:
            return redirect(self.issuer + "/elsewhere", code=307)
        asked = self._codes.pop(request.form["code"], None)
        client = request.authorization
        challenge = hashlib.sha256(request.form.get("code_verifier", "").encode()).digest()
        if (
            asked is None
            or client is None
            or (client.username, client.password) != (CLIENT, SECRET)
            or request.form["redirect_uri"] != asked["redirect_uri"]
            or base64.urlsafe_b64encode(challenge).decode().rstrip("=") != asked["code_challenge"]
        ):
            return jsonify(error="invalid_grant"), 400
        self.tokens += 1
        now = int(clock.now().timestamp())
        claims = {
            "iss": self.issuer,
            "sub": "finn-of-the-company",
            "aud": CLIENT,
            "iat": now,
            "exp": now + 300,
            "auth_time": now,
            "nonce": asked["nonce"],
            "email": "finn@northwind.example",
            "email_verified": True,
            "name": "Finn Field",
            **self.claims,
        }
        key = self.signs_with or self.key
        kept = {name: value for name, value in claims.items() if value is not None}
        id_token = jwt.encode({"alg": "RS256", "kid": self.key.kid}, kept, key)
        return jsonify(access_token="x", token_type="Bearer", expires_in=300, id_token=id_token)


@contextmanager
def served_provider() -> Iterator[SmallProvider]:
    """The provider on a free port of loopback, until the block ends."""
    provider = SmallProvider()
    server = make_server("127.0.0.1", 0, provider.app(), threaded=True)
    provider.issuer = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        thread.join(10)
        server.server_close()
