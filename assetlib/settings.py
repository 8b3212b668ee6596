"""What this installation is told from outside: environment variables, read once, checked at the start."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Literal, cast
from urllib.parse import urlsplit

MIB = 1024 * 1024
GIB = 1024 * MIB
SHORTEST_KEY = 32
"""Characters of a key that signs."""


class WrongSettings(Exception):
    """The environment asks for something that cannot be. The message lists each fault on its own line."""


def setting(help_text: str, *, default: Any = None, secret: bool = False) -> Any:
    return field(default=default, repr=not secret, metadata={"help": help_text, "secret": secret})


@dataclass(frozen=True)
class Settings:
    """Every setting. The field `store_kind` is read from `ASSETLIB_STORE_KIND`, and so on."""

    home: Path = setting(
        "Folder for the database, files, index and keys of a one-machine installation.", default=Path("var")
    )
    secret_key: str = setting(
        "Signs cookies and forms. At least 32 characters. When empty, kept in HOME/secret_key.",
        default="",
        secret=True,
    )
    database_url: str = setting(
        "SQLAlchemy address: sqlite:///… or postgresql+psycopg://…. Default: a SQLite file in HOME.",
        default="",
        secret=True,
    )
    store_kind: Literal["local", "s3"] = setting(
        "Where file bytes are kept: `local` (HOME/files) or `s3`.", default="local"
    )
    s3_endpoint: str = setting("Address of the S3 server; empty for AWS itself.", default="")
    s3_region: str = setting("Region of the S3 server.", default="us-east-1")
    s3_bucket: str = setting("Bucket that holds every file.", default="")
    s3_access_key: str = setting("Access key of the S3 server.", default="", secret=True)
    s3_secret_key: str = setting("Secret key of the S3 server.", default="", secret=True)
    s3_ca_file: str = setting(
        "Certificate file that the S3 server's certificate is checked against; empty for the system's.",
        default="",
    )
    search_kind: Literal["whoosh", "memory"] = setting(
        "Which keeper answers searches. `memory` is for one process only.", default="whoosh"
    )
    public_url: str = setting(
        "The address people type, such as https://assets.example. Needed for s3 and for mail. "
        "With https, cookies go over TLS only.",
        default="",
    )
    mail_kind: Literal["outbox", "smtp"] = setting(
        "Who carries mail: `smtp`, a mail server; or `outbox`, nobody: administrators read it at /outbox.",
        default="outbox",
    )
    outbox_links: bool = setting(
        "Whether administrators see links for new passwords in the outbox: whoever has one comes in as "
        "somebody else. For a demo only.",
        default=False,
    )
    mail_server: str = setting("Host name of the mail server.", default="")
    mail_port: int = setting("Port of the mail server.", default=587)
    mail_tls: Literal["starttls", "tls", "none"] = setting(
        "How the line to the mail server is kept private: `starttls`, `tls` from the first byte (port 465), "
        "or `none`, for a server on the same machine.",
        default="starttls",
    )
    mail_ca_file: str = setting(
        "Certificate file that the mail server's certificate is checked against; empty for the system's.",
        default="",
    )
    mail_user: str = setting("Name at the mail server; empty where it asks for none.", default="")
    mail_password: str = setting("Password at the mail server.", default="", secret=True)
    mail_password_file: str = setting("File that holds the password at the mail server.", default="")
    mail_from: str = setting("Who mail comes from, such as assetlib <assets@company.example>.", default="")
    trusted_hosts: tuple[str, ...] = setting(
        "Host names this installation answers to, with commas between. Empty: any.", default=()
    )
    trusted_proxies: int = setting(
        "How many reverse proxies stand in front and may name the client's address.", default=0
    )
    largest_file: int = setting("Largest file that may be uploaded, in bytes.", default=50_000_000_000)
    largest_preview: int = setting("Largest file of which previews are tried, in bytes.", default=2 * GIB)
    worker_lease: int = setting("Seconds a worker may hold a job without a sign of life.", default=30)
    second_factor_roles: tuple[str, ...] = setting(
        "Roles, with commas between, whose holders must have a second factor: `administrator,finance`. "
        "Whoever has none is led to setting one up before anything else.",
        default=(),
    )
    oidc_issuer: str = setting(
        "Address of the company's own sign-in (OpenID Connect). When empty, there is none.", default=""
    )
    oidc_client_id: str = setting("The name by which the company's sign-in knows assetlib.", default="")
    oidc_client_secret: str = setting("The secret that goes with it.", default="", secret=True)
    oidc_client_secret_file: str = setting(
        "File that holds the secret, instead of ASSETLIB_OIDC_CLIENT_SECRET.", default=""
    )
    oidc_label: str = setting(
        "What the button on the sign-in page says.", default="Continue with single sign-on"
    )
    oidc_create: bool = setting(
        "Whether people whom assetlib does not know come in by the company's sign-in, without a role, "
        "as people of the own company. Otherwise only those who were invited or are there already.",
        default=False,
    )
    help_url: str = setting("Where “Help” on the sign-in page leads. When empty, it is left out.", default="")
    privacy_url: str = setting(
        "Where “Privacy” on the sign-in page leads. When empty, it is left out.", default=""
    )
    metrics_token: str = setting(
        "Opens /metrics to whoever sends it as a bearer token. At least 32 characters. "
        "When empty, there is no such page.",
        default="",
        secret=True,
    )
    share_days: int = setting(
        "Days a link to people outside lasts, unless its maker says otherwise.", default=30
    )
    share_longest_days: int = setting("Days such a link may last at most.", default=365)
    log_format: Literal["json", "text"] = setting("How log lines are written.", default="json")
    development: bool = setting(
        "Shows /styleguide and reloads templates. Never on a public address.", default=False
    )

    @property
    def files(self) -> Path:
        return self.home / "files"

    @property
    def index(self) -> Path:
        return self.home / "index"

    @property
    def scratch(self) -> Path:
        """For temporary copies while a file is looked at."""
        return self.home / "scratch"

    @property
    def public_origin(self) -> str:
        """The public address as browsers name it when they ask another server; empty without one."""
        parts = urlsplit(self.public_url)
        host = parts.netloc.rpartition("@")[2].lower()
        own_port = {"http": ":80", "https": ":443"}.get(parts.scheme, "")
        return f"{parts.scheme}://{host.removesuffix(own_port)}" if host else ""

    @property
    def secure_cookies(self) -> bool:
        return self.public_url.startswith("https://")

    @property
    def mail_password_read(self) -> str:
        """The password at the mail server, from its file if it has one."""
        if self.mail_password_file:
            return Path(self.mail_password_file).read_text().strip()
        return self.mail_password

    @classmethod
    def from_env(cls, environ: Mapping[str, str]) -> "Settings":
        """The settings of this environment, or `WrongSettings` with every fault at once."""
        values: dict[str, Any] = {}
        environ, faults = _with_files(environ)
        for each in fields(cls):
            name = variable(each.name)
            if name not in environ:
                continue
            try:
                values[each.name] = _read(each.name, environ[name])
            except ValueError as error:
                faults.append(f"{name} {error}")
        faults += [f"{name} is no setting of assetlib; see docs/settings.md" for name in _unknown(environ)]
        settings = cls(**values)
        faults += _contradictions(settings)
        if faults:
            raise WrongSettings("\n".join(faults))
        return settings


def variable(name: str) -> str:
    """The environment variable of a setting."""
    return "ASSETLIB_" + name.upper()


def _with_files(environ: Mapping[str, str]) -> tuple[dict[str, str], list[str]]:
    """The environment with each secret that stands in a file, `ASSETLIB_…_FILE`; and what was wrong with it.

    Settings that have a setting of their own for the file read it themselves.
    """
    found, faults = dict(environ), list[str]()
    own = {each.name for each in fields(Settings)}
    secrets = [each.name for each in fields(Settings) if each.metadata["secret"]]
    for name in [variable(each) for each in secrets if f"{each}_file" not in own]:
        path = found.pop(f"{name}_FILE", None)
        if path is None:
            continue
        if name in found:
            faults.append(f"{name} is given twice: as it is, and as a file")
            continue
        try:
            found[name] = Path(path).read_text().strip()
        except (OSError, ValueError):
            faults.append(f"{name}_FILE names {path!r}, which cannot be read")
    return found, faults


KNOWN_VARIABLES = frozenset(variable(each.name) for each in fields(Settings))

CHOICES: dict[str, tuple[str, ...]] = {
    "store_kind": ("local", "s3"),
    "search_kind": ("whoosh", "memory"),
    "mail_kind": ("outbox", "smtp"),
    "mail_tls": ("starttls", "tls", "none"),
    "log_format": ("json", "text"),
}
LOOPBACK = ("localhost", "127.0.0.1", "::1")
DATABASES = ("sqlite:///", "postgresql+psycopg://")
LISTS = frozenset({"trusted_hosts", "second_factor_roles"})
SWITCHES = frozenset({"development", "oidc_create", "outbox_links"})
ROLES = frozenset(
    {"administrator", "librarian", "planner", "finance", "field_marketer", "reviewer", "agency_contributor",
     "partner"}
)  # fmt: skip
NUMBERS = frozenset(
    {
        "trusted_proxies",
        "largest_file",
        "largest_preview",
        "worker_lease",
        "mail_port",
        "share_days",
        "share_longest_days",
    }
)


def _read(name: str, text: str) -> Any:
    if name in CHOICES:
        if text not in CHOICES[name]:
            raise ValueError(f"must be one of {', '.join(CHOICES[name])}, not {text!r}")
        return text
    if name in NUMBERS:
        if not text.isdecimal():
            raise ValueError(f"must be a whole number, not {text!r}")
        return int(text)
    if name in SWITCHES:
        if text not in ("0", "1"):
            raise ValueError(f"must be 0 or 1, not {text!r}")
        return text == "1"
    if name in LISTS:
        return tuple(part.strip() for part in text.split(",") if part.strip())
    if name == "home":
        if not text:
            raise ValueError("must name a folder")
        return Path(text).resolve()
    return text


def _unknown(environ: Mapping[str, str]) -> list[str]:
    """Names that look like settings and are none. Those of the test suites may stand beside ours."""
    return sorted(
        name
        for name in environ
        if name.startswith("ASSETLIB_")
        and not name.startswith("ASSETLIB_TEST_")
        and name not in KNOWN_VARIABLES
    )


def _contradictions(settings: Settings) -> list[str]:
    faults = []
    if settings.secret_key and len(settings.secret_key) < SHORTEST_KEY:
        faults.append(f"ASSETLIB_SECRET_KEY must have at least {SHORTEST_KEY} characters")
    if settings.metrics_token and len(settings.metrics_token) < SHORTEST_KEY:
        faults.append(f"ASSETLIB_METRICS_TOKEN must have at least {SHORTEST_KEY} characters")
    if settings.database_url and not settings.database_url.startswith(DATABASES):
        faults.append(f"ASSETLIB_DATABASE_URL must begin with {' or '.join(DATABASES)}")
    if settings.store_kind == "s3":
        faults += [
            f"{variable(name)} is needed when ASSETLIB_STORE_KIND is s3"
            for name in ("s3_bucket", "s3_access_key", "s3_secret_key", "public_url")
            if not cast("str", getattr(settings, name))
        ]
    else:
        faults += [
            f"{variable(each.name)} is only for ASSETLIB_STORE_KIND s3, but that is {settings.store_kind}"
            for each in fields(settings)
            if each.name.startswith("s3_") and getattr(settings, each.name) != each.default
        ]
    faults += _mail_contradictions(settings)
    if settings.public_url and not settings.public_url.startswith(("http://", "https://")):
        faults.append("ASSETLIB_PUBLIC_URL must begin with http:// or https://")
    elif settings.public_url and not settings.public_origin:
        faults.append("ASSETLIB_PUBLIC_URL must name a host")
    faults += _faults_at_the_door(settings)
    if settings.worker_lease < 5:
        faults.append("ASSETLIB_WORKER_LEASE must be at least 5 seconds")
    return faults


def _mail_contradictions(settings: Settings) -> list[str]:
    if settings.mail_kind == "outbox":
        # What mail comes from is seen in the outbox too.
        return [
            f"{variable(each.name)} is only for ASSETLIB_MAIL_KIND smtp, but that is outbox"
            for each in fields(settings)
            if each.name.startswith("mail_")
            and each.name != "mail_from"
            and getattr(settings, each.name) != each.default
        ]
    faults = [
        f"{variable(name)} is needed when ASSETLIB_MAIL_KIND is smtp"
        for name in ("mail_server", "mail_from", "public_url")
        if not cast("str", getattr(settings, name))
    ]
    if not 0 < settings.mail_port < 65_536:
        faults.append("ASSETLIB_MAIL_PORT must be a port, from 1 to 65535")
    if settings.mail_password and settings.mail_password_file:
        faults.append("ASSETLIB_MAIL_PASSWORD and ASSETLIB_MAIL_PASSWORD_FILE: give one of them")
    if settings.mail_password_file and not Path(settings.mail_password_file).is_file():
        faults.append(f"ASSETLIB_MAIL_PASSWORD_FILE: there is no file {settings.mail_password_file}")
    if bool(settings.mail_user) != bool(settings.mail_password or settings.mail_password_file):
        faults.append("ASSETLIB_MAIL_USER and its password are given together, or neither")
    if settings.mail_user and settings.mail_tls == "none" and settings.mail_server not in LOOPBACK:
        faults.append("ASSETLIB_MAIL_TLS none would send the password in the open; use starttls or tls")
    return faults


def _faults_at_the_door(settings: Settings) -> list[str]:
    faults = []
    if unknown := sorted(set(settings.second_factor_roles) - ROLES):
        faults.append(f"ASSETLIB_SECOND_FACTOR_ROLES names what is no role: {', '.join(unknown)}")
    if not settings.oidc_issuer:
        return faults
    if urlsplit(settings.oidc_issuer).scheme != "https" and not _is_loopback(settings.oidc_issuer):
        faults.append("ASSETLIB_OIDC_ISSUER must begin with https://")
    if not settings.oidc_client_id:
        faults.append("ASSETLIB_OIDC_CLIENT_ID is needed with ASSETLIB_OIDC_ISSUER")
    if bool(settings.oidc_client_secret) == bool(settings.oidc_client_secret_file):
        faults.append(
            "ASSETLIB_OIDC_CLIENT_SECRET or ASSETLIB_OIDC_CLIENT_SECRET_FILE is needed, and one of them only"
        )
    if not settings.public_url:
        faults.append("ASSETLIB_PUBLIC_URL is needed with ASSETLIB_OIDC_ISSUER")
    return faults


def _is_loopback(address: str) -> bool:
    return urlsplit(address).hostname in ("127.0.0.1", "::1", "localhost")
