"""The company's own sign-in: OpenID Connect, authorization code with PKCE, state and nonce.

What we ask of other machines has a time limit and follows no redirect. What the provider says of itself, and
its keys, are kept for a while; keys are asked for again when a token is signed with one that is not known.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from threading import Lock
from typing import Any
from urllib.parse import urlsplit

import requests
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.requests_client import OAuth2Session
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from assetlib import clock
from assetlib.errors import Invalid, Unavailable
from assetlib.settings import Settings
from assetlib.words import say

LIMIT = 5
"""Seconds that another machine may take for an answer."""
KEPT_FOR = timedelta(hours=1)
SIGNED_WITH = ("RS256", "RS384", "RS512", "PS256", "ES256", "ES384")
LEEWAY = 60
"""Seconds by which clocks may differ."""
SCOPE = "openid email profile"
BACK = "/sign-in/single/back"


class NotVouched(Invalid):
    """The provider did not vouch for anybody, or not in a way that can be trusted."""

    code = "not_vouched"


class ProviderAway(Unavailable):
    """The provider gave no answer, or none that can be used."""

    code = "provider_away"


@dataclass(frozen=True)
class Vouched:
    """What the provider says of a person."""

    subject: str
    email: str
    email_is_verified: bool
    name: str
    auth_time: datetime | None


@dataclass(frozen=True)
class Begun:
    """What this browser keeps while its owner is at the provider."""

    state: str
    nonce: str
    verifier: str


class Provider:
    """One provider, as the settings name it."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._lock = Lock()
        self._kept: dict[str, tuple[datetime, dict[str, Any]]] = {}

    @property
    def issuer(self) -> str:
        return self._settings.oidc_issuer

    def begin(self, *, fresh: bool = False) -> tuple[str, Begun]:
        """Where the browser goes, and what it keeps until it comes back."""
        begun = Begun(*(secrets.token_urlsafe(32) for _ in range(3)))
        more: dict[str, Any] = {"prompt": "login", "max_age": 0} if fresh else {}
        with self._client() as client:
            address, _ = client.create_authorization_url(
                self._said("authorization_endpoint"),
                state=begun.state,
                nonce=begun.nonce,
                code_verifier=begun.verifier,
                **more,
            )
        return str(address), begun

    def finish(self, begun: Begun, code: str) -> Vouched:
        """Whom the provider vouches for; `NotVouched` or `ProviderAway`."""
        try:
            with self._client() as client:
                answer = client.fetch_token(
                    self._said("token_endpoint"),
                    code=code,
                    code_verifier=begun.verifier,
                    timeout=LIMIT,
                    allow_redirects=False,
                )
        except AuthlibBaseError as error:
            raise not_vouched() from error
        except (requests.RequestException, ValueError) as error:
            raise away() from error
        claims = self._read(str(answer.get("id_token", "")), begun.nonce)
        return Vouched(
            subject=str(claims["sub"]),
            email=str(claims.get("email", "")),
            email_is_verified=claims.get("email_verified") is True,
            name=str(claims.get("name", "")),
            auth_time=_moment(claims.get("auth_time")),
        )

    def _read(self, id_token: str, nonce: str) -> dict[str, Any]:
        """The claims of a token that this provider signed for us, now, and for this sign-in."""
        try:
            try:
                token = jwt.decode(id_token, self._keys(), algorithms=list(SIGNED_WITH))
            except (JoseError, ValueError):  # perhaps with a key that is newer than what we keep
                token = jwt.decode(id_token, self._keys(anew=True), algorithms=list(SIGNED_WITH))
            claims = CodeIDToken(
                token.claims,
                token.header,
                options={
                    "iss": {"essential": True, "value": self.issuer},
                    "aud": {"essential": True, "value": self._settings.oidc_client_id},
                    "nonce": {"essential": True},
                    "sub": {"essential": True},
                },
                params={"nonce": nonce, "client_id": self._settings.oidc_client_id},
            )
            claims.validate(now=int(clock.now().timestamp()), leeway=LEEWAY)
        except (JoseError, AuthlibBaseError, ValueError, TypeError) as error:
            raise not_vouched() from error
        return dict(claims)

    def _keys(self, *, anew: bool = False) -> KeySet:
        found: Any = self._fetched(self._said("jwks_uri"), anew=anew)
        return KeySet.import_key_set(found)

    def _said(self, name: str) -> str:
        """An address that the provider names in what it says of itself."""
        about = self._fetched(self.issuer.rstrip("/") + "/.well-known/openid-configuration")
        address = str(about.get(name, ""))
        if about.get("issuer") != self.issuer or urlsplit(address).scheme not in self._schemes():
            raise away()
        return address

    def _schemes(self) -> tuple[str, ...]:
        """Plain http only where the settings allowed it for the issuer: on this machine."""
        return ("https", urlsplit(self.issuer).scheme)

    def _fetched(self, address: str, *, anew: bool = False) -> dict[str, Any]:
        moment = clock.now()
        with self._lock:
            kept = self._kept.get(address)
        if kept is not None and not anew and moment - kept[0] < KEPT_FOR:
            return kept[1]
        try:
            answer = requests.get(address, timeout=LIMIT, allow_redirects=False)
            if answer.status_code != requests.codes.ok:
                raise away()
            found = answer.json()
        except (requests.RequestException, ValueError) as error:
            raise away() from error
        if not isinstance(found, dict):
            raise away()
        with self._lock:
            self._kept[address] = (moment, found)
        return found

    def _client(self) -> Any:
        settings = self._settings
        return OAuth2Session(
            settings.oidc_client_id,
            settings.oidc_client_secret or Path(settings.oidc_client_secret_file).read_text().strip(),
            scope=SCOPE,
            redirect_uri=settings.public_url.rstrip("/") + BACK,
            code_challenge_method="S256",
        )


def not_vouched() -> NotVouched:
    return NotVouched(say("Your company's sign-in did not let you in. Try once more."))


def away() -> ProviderAway:
    return ProviderAway(
        say("Your company's sign-in gives no answer. Try again later, or use your password."), retry_after=60
    )


def _moment(seconds: Any) -> datetime | None:
    if not isinstance(seconds, int):
        return None
    return datetime.fromtimestamp(seconds, tz=clock.now().tzinfo)
