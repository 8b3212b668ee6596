"""`assetlib token`: made for a person, listed without the key, revoked."""

from pathlib import Path

from tests.cli.homes import assetlib


def test_a_token_is_made_listed_and_revoked(tmp_path: Path) -> None:
    assert assetlib(tmp_path, "migrate").returncode == 0
    ada = ("user", "add", "ada@trial.example", "--name", "Ada Example", "--role", "administrator")
    assert assetlib(tmp_path, *ada, NEW_PASSWORD="four words in a row").returncode == 0
    make = (
        "token",
        "make",
        "ada@trial.example",
        "--name",
        "Press tool",
        "--scope",
        "read",
        "--scope",
        "edit",
    )
    made = assetlib(tmp_path, *make)
    assert made.returncode == 0, made.stderr
    token = made.stdout.strip()
    assert token.startswith("alt_")
    listed = assetlib(tmp_path, "token", "list").stdout
    number, hint, *rest = listed.strip().split("\t")
    assert token.startswith(hint.removesuffix("…"))
    assert token not in listed
    assert rest[:4] == ["ada@trial.example", "Press tool", "read,edit", "never"]
    assert assetlib(tmp_path, "token", "revoke", number).returncode == 0
    assert assetlib(tmp_path, "token", "list").stdout == ""
    for wrong in (("token", "revoke", "99"), ("token", "make", "nobody@trial.example", *make[3:])):
        refused = assetlib(tmp_path, *wrong)
        assert (refused.returncode, refused.stdout) == (2, "")
    late = assetlib(tmp_path, *make, "--until", "2099-01-01")
    assert late.returncode == 2
