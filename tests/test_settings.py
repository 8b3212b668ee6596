"""Settings: read from the environment, checked at once, documented, and silent about secrets."""

from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

from assetlib.settings import CHOICES, KNOWN_VARIABLES, NUMBERS, Settings, WrongSettings, variable

DOCUMENT = (Path(__file__).parent.parent / "docs" / "settings.md").read_text()
SECRET = "correct horse battery staple and more"


def faults_of(environ: dict[str, str]) -> list[str]:
    with pytest.raises(WrongSettings) as wrong:
        Settings.from_env(environ)
    return str(wrong.value).splitlines()


@pytest.mark.parametrize("each", fields(Settings), ids=lambda each: each.name)
def test_every_setting_is_documented_as_it_is(each: object) -> None:
    name, metadata, default = each.name, each.metadata, each.default  # type: ignore[attr-defined]  # a Field
    (row,) = [line for line in DOCUMENT.splitlines() if line.startswith(f"| `{variable(name)}` |")]
    _, _, says, shown, _ = row.split("|")
    assert says.strip().removesuffix(" Secret.") == metadata["help"]
    assert says.strip().endswith(" Secret.") == metadata["secret"]
    number = int(default) if isinstance(default, bool) else default
    assert shown.strip() == ("empty" if default in ("", ()) else f"`{number}`")


def test_nothing_is_documented_that_is_no_setting() -> None:
    documented = {line.split("`")[1] for line in DOCUMENT.splitlines() if line.startswith("| `")}
    assert documented == KNOWN_VARIABLES


def test_an_empty_environment_gives_the_defaults() -> None:
    assert Settings.from_env({}) == Settings()
    assert Settings.from_env({"PATH": "/usr/bin", "PORT": "8000"}) == Settings()


def test_each_setting_is_read_from_its_variable(tmp_path: Path) -> None:
    given = {
        "home": str(tmp_path),
        "secret_key": "x" * 32,
        "database_url": "sqlite:////srv/a.sqlite",
        "store_kind": "s3",
        "s3_endpoint": "https://s3.example",
        "s3_region": "eu-north-1",
        "s3_bucket": "assets",
        "s3_access_key": "key",
        "s3_secret_key": "secret",
        "s3_ca_file": "/etc/ca.pem",
        "search_kind": "memory",
        "public_url": "https://assets.example",
        "mail_kind": "smtp",
        "mail_server": "mail.example",
        "mail_port": "465",
        "mail_tls": "tls",
        "mail_ca_file": "/etc/mail-ca.pem",
        "mail_user": "assets",
        "mail_password": "word",
        "mail_password_file": "",
        "mail_from": "assetlib <assets@company.example>",
        "trusted_hosts": "assets.example, www.assets.example,",
        "trusted_proxies": "2",
        "largest_file": "1000",
        "largest_preview": "100",
        "share_days": "14",
        "share_longest_days": "90",
        "worker_lease": "60",
        "second_factor_roles": "administrator,finance",
        "oidc_issuer": "https://login.company.example",
        "oidc_client_id": "assetlib",
        "oidc_client_secret": "secret of the company",
        "oidc_client_secret_file": "",
        "oidc_label": "Northwind sign-in",
        "oidc_create": "1",
        "help_url": "https://company.example/help",
        "privacy_url": "https://company.example/privacy",
        "metrics_token": "m" * 32,
        "log_format": "text",
        "development": "1",
        "outbox_links": "1",
    }
    assert given.keys() == {each.name for each in fields(Settings)}
    settings = Settings.from_env({variable(name): text for name, text in given.items()})
    expected = given | {
        "home": tmp_path,
        "trusted_hosts": ("assets.example", "www.assets.example"),
        "second_factor_roles": ("administrator", "finance"),
        "oidc_create": True,
        "development": True,
        "outbox_links": True,
        **{name: int(given[name]) for name in NUMBERS},
    }
    assert {each.name: getattr(settings, each.name) for each in fields(Settings)} == expected
    assert settings.secure_cookies
    assert (settings.files, settings.index) == (tmp_path / "files", tmp_path / "index")


def test_an_unknown_variable_is_refused_by_name() -> None:
    assert faults_of({"ASSETLIB_STORE_KINDS": "local"}) == [
        "ASSETLIB_STORE_KINDS is no setting of assetlib; see docs/settings.md"
    ]


def test_variables_of_the_test_suites_may_stand_beside() -> None:
    assert Settings.from_env({"ASSETLIB_TEST_POSTGRES": "postgresql+psycopg://localhost/test"}) == Settings()


@pytest.mark.parametrize("name", sorted(CHOICES))
def test_a_choice_must_be_one_of_the_known(name: str) -> None:
    (fault,) = faults_of({variable(name): "fake"})
    assert fault == f"{variable(name)} must be one of {', '.join(CHOICES[name])}, not 'fake'"


@pytest.mark.parametrize("name", sorted(NUMBERS))
@pytest.mark.parametrize("text", ["", "-1", "1.5", "many", "1_000", "²", "9" * 5_000])
def test_a_number_must_be_whole(name: str, text: str) -> None:
    (fault,) = faults_of({variable(name): text})
    assert fault.startswith(f"{variable(name)} ")


@pytest.mark.parametrize(
    ("environ", "fault"),
    [
        ({"ASSETLIB_HOME": ""}, "ASSETLIB_HOME must name a folder"),
        ({"ASSETLIB_DEVELOPMENT": "yes"}, "ASSETLIB_DEVELOPMENT must be 0 or 1, not 'yes'"),
        ({"ASSETLIB_SECRET_KEY": "short"}, "ASSETLIB_SECRET_KEY must have at least 32 characters"),
        (
            {"ASSETLIB_PUBLIC_URL": "assets.example"},
            "ASSETLIB_PUBLIC_URL must begin with http:// or https://",
        ),
        ({"ASSETLIB_PUBLIC_URL": "https:///x"}, "ASSETLIB_PUBLIC_URL must name a host"),
        ({"ASSETLIB_WORKER_LEASE": "4"}, "ASSETLIB_WORKER_LEASE must be at least 5 seconds"),
        (
            {"ASSETLIB_DATABASE_URL": "mysql://root:secret@localhost/assets"},
            "ASSETLIB_DATABASE_URL must begin with sqlite:/// or postgresql+psycopg://",
        ),
    ],
)
def test_what_cannot_be_is_refused_with_what_would_do(environ: dict[str, str], fault: str) -> None:
    assert faults_of(environ) == [fault]


def test_s3_needs_a_bucket_and_keys() -> None:
    assert faults_of({"ASSETLIB_STORE_KIND": "s3"}) == [
        f"ASSETLIB_S3_{name} is needed when ASSETLIB_STORE_KIND is s3"
        for name in ("BUCKET", "ACCESS_KEY", "SECRET_KEY")
    ] + ["ASSETLIB_PUBLIC_URL is needed when ASSETLIB_STORE_KIND is s3"]


SMTP = {
    "ASSETLIB_MAIL_KIND": "smtp",
    "ASSETLIB_MAIL_SERVER": "mail.example",
    "ASSETLIB_MAIL_FROM": "assets@company.example",
    "ASSETLIB_PUBLIC_URL": "https://assets.example",
}


def test_mail_needs_a_server_a_sender_and_an_address_for_links() -> None:
    assert Settings.from_env(SMTP).mail_port == 587
    assert faults_of({"ASSETLIB_MAIL_KIND": "smtp"}) == [
        f"ASSETLIB_{name} is needed when ASSETLIB_MAIL_KIND is smtp"
        for name in ("MAIL_SERVER", "MAIL_FROM", "PUBLIC_URL")
    ]


def test_a_mail_server_that_would_not_be_used_is_named() -> None:
    assert faults_of({"ASSETLIB_MAIL_SERVER": "mail.example"}) == [
        "ASSETLIB_MAIL_SERVER is only for ASSETLIB_MAIL_KIND smtp, but that is outbox"
    ]


def test_a_mail_password_never_goes_in_the_open() -> None:
    entrance = {"ASSETLIB_MAIL_USER": "assets", "ASSETLIB_MAIL_PASSWORD": SECRET, "ASSETLIB_MAIL_TLS": "none"}
    assert faults_of({**SMTP, **entrance}) == [
        "ASSETLIB_MAIL_TLS none would send the password in the open; use starttls or tls"
    ]
    at_home = {**SMTP, **entrance, "ASSETLIB_MAIL_SERVER": "127.0.0.1"}
    assert Settings.from_env(at_home).mail_password_read == SECRET


def test_a_mail_password_may_stand_in_a_file(tmp_path: Path) -> None:
    path = tmp_path / "password"
    path.write_text(SECRET + "\n")
    entrance = {"ASSETLIB_MAIL_USER": "assets", "ASSETLIB_MAIL_PASSWORD_FILE": str(path)}
    assert Settings.from_env({**SMTP, **entrance}).mail_password_read == SECRET
    path.unlink()
    assert faults_of({**SMTP, **entrance}) == [f"ASSETLIB_MAIL_PASSWORD_FILE: there is no file {path}"]


def test_an_s3_server_that_would_not_be_used_is_named() -> None:
    given = {"BUCKET": "assets", "SECRET_KEY": "secret", "REGION": "eu-north-1", "CA_FILE": ""}
    assert faults_of({f"ASSETLIB_S3_{name}": each for name, each in given.items()}) == [
        f"ASSETLIB_S3_{name} is only for ASSETLIB_STORE_KIND s3, but that is local"
        for name in ("REGION", "BUCKET", "SECRET_KEY")
    ]


@pytest.mark.parametrize(
    ("address", "origin"),
    [
        ("", ""),
        ("https://assets.example", "https://assets.example"),
        ("https://Assets.Example/", "https://assets.example"),
        ("https://assets.example/dam/", "https://assets.example"),
        ("https://assets.example:443", "https://assets.example"),
        ("http://assets.example:80/", "http://assets.example"),
        ("http://127.0.0.1:8000/", "http://127.0.0.1:8000"),
        ("https://[::1]:8443/x?y", "https://[::1]:8443"),
    ],
)
def test_a_browser_s_origin_is_scheme_host_and_port(address: str, origin: str) -> None:
    assert Settings(public_url=address).public_origin == origin


def test_every_fault_is_named_at_once() -> None:
    faults = faults_of(
        {
            "ASSETLIB_STORE_KIND": "s3",
            "ASSETLIB_S3_BUCKET": "assets",
            "ASSETLIB_S3_ACCESS_KEY": "key",
            "ASSETLIB_LARGEST_FILE": "huge",
            "ASSETLIB_LOG_FORMAT": "xml",
            "ASSETLIB_SECRET_KEY": "short",
            "ASSETLIB_UNKNOWN": "1",
        }
    )
    assert {fault.split()[0] for fault in faults} == {
        "ASSETLIB_S3_SECRET_KEY",
        "ASSETLIB_PUBLIC_URL",
        "ASSETLIB_LARGEST_FILE",
        "ASSETLIB_LOG_FORMAT",
        "ASSETLIB_SECRET_KEY",
        "ASSETLIB_UNKNOWN",
    }
    assert len(faults) == 6


@pytest.mark.parametrize("name", [each.name for each in fields(Settings) if each.metadata["secret"]])
def test_a_secret_is_never_printed(name: str) -> None:
    given: dict[str, Any] = {name: SECRET}
    settings = Settings(**given)
    assert SECRET not in repr(settings)
    assert SECRET not in str(settings)
    faults = faults_of({variable(name): "s3cr", "ASSETLIB_UNKNOWN": "1", "ASSETLIB_STORE_KIND": "fake"})
    assert "s3cr" not in "\n".join(faults)


def test_a_secret_may_stand_in_a_file(tmp_path: Path) -> None:
    file = tmp_path / "key"
    file.write_text(SECRET * 2 + "\n")
    assert Settings.from_env({"ASSETLIB_SECRET_KEY_FILE": str(file)}).secret_key == SECRET * 2
    given = {"ASSETLIB_SECRET_KEY_FILE": str(file), "ASSETLIB_SECRET_KEY": SECRET * 2}
    assert faults_of(given) == ["ASSETLIB_SECRET_KEY is given twice: as it is, and as a file"]
    (fault,) = faults_of({"ASSETLIB_SECRET_KEY_FILE": str(tmp_path / "none")})
    assert fault.startswith("ASSETLIB_SECRET_KEY_FILE names")
    assert faults_of({"ASSETLIB_LOG_FORMAT_FILE": str(file)}) == [
        "ASSETLIB_LOG_FORMAT_FILE is no setting of assetlib; see docs/settings.md"
    ]


def test_which_settings_are_secret() -> None:
    assert {each.name for each in fields(Settings) if each.metadata["secret"]} == {
        "secret_key",
        "database_url",
        "s3_access_key",
        "metrics_token",
        "s3_secret_key",
        "mail_password",
        "oidc_client_secret",
    }
