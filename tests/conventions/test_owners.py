"""What others wrote is known to one place each, so that it can be exchanged there."""

import sys

from tests.conventions.sources import packages_imported, sources

TRIAL = "assetlib/corpus/trial.py"
"""Puts a whole house together for a trial: tables, server and log lines, as the commands do."""

OWNERS: dict[str, tuple[str, ...]] = {
    "PIL": ("assetlib/media/",),
    "alembic": ("assetlib/migrating.py", TRIAL),
    "apiflask": (
        "assetlib/api/",
        "assetlib/app.py",
        "assetlib/metrics.py",
        "assetlib/refusals.py",
        "assetlib/static_files.py",
    ),
    "authlib": ("assetlib/single_sign_on.py",),
    "babel": (
        "assetlib/calendar.py",
        "assetlib/figures.py",
        "assetlib/language.py",
        "assetlib/measures.py",
        "assetlib/money.py",
    ),
    "argon2": ("assetlib/accounts/passwords.py",),
    "boto3": ("assetlib/storage/s3.py",),
    "botocore": ("assetlib/storage/s3.py",),
    "cryptography": ("assetlib/accounts/codes.py", "assetlib/keeping/"),
    "defusedxml": ("assetlib/media/",),
    "flask": (
        "assetlib/api/",
        "assetlib/app.py",
        "assetlib/confirming.py",
        "assetlib/current.py",
        "assetlib/entering.py",
        "assetlib/guard.py",
        "assetlib/language.py",
        "assetlib/logs.py",
        "assetlib/metrics.py",
        "assetlib/policy.py",
        "assetlib/refusals.py",
        "assetlib/sharing.py",
        "assetlib/sign_in.py",
        "assetlib/static_files.py",
        "assetlib/templating.py",
        "assetlib/web/",
    ),
    "flask_babel": ("assetlib/language.py",),
    "flask_login": ("assetlib/sign_in.py", "assetlib/web/context.py", "assetlib/web/my_work.py"),
    "flask_wtf": ("assetlib/guard.py", "assetlib/web/forms.py"),
    "gunicorn": ("assetlib/cli/serve.py",),
    "holidays": ("assetlib/workdays.py",),
    "icalendar": ("assetlib/calendars.py",),
    "imageio_ffmpeg": ("assetlib/media/",),
    "jinja2": ("assetlib/language.py", "assetlib/notify/writing.py", "assetlib/templating.py"),
    "joserfc": ("assetlib/single_sign_on.py",),
    "lxml": ("assetlib/media/",),
    "markupsafe": ("assetlib/language.py",),
    "numpy": ("assetlib/media/", "assetlib/search/"),
    "pi_heif": ("assetlib/media/",),
    "pikepdf": ("assetlib/media/",),
    "prometheus_client": ("assetlib/metrics.py",),
    "pydantic": ("assetlib/api/",),
    "pyotp": ("assetlib/accounts/codes.py",),
    "pypdfium2": ("assetlib/media/",),
    "requests": ("assetlib/single_sign_on.py",),
    "resvg_py": ("assetlib/media/",),
    "segno": ("assetlib/web/second_factor.py",),
    "sqlalchemy": (
        "assetlib/access/prepared.py",
        "assetlib/accounts/",
        "assetlib/api/",
        "assetlib/audit/",
        "assetlib/catalog/",
        "assetlib/cli/",
        "assetlib/corpus/",
        "assetlib/database.py",
        "assetlib/dashboards/",
        "assetlib/demo/",
        "assetlib/entering.py",
        "assetlib/goodbyes.py",
        "assetlib/jobs/",
        "assetlib/keeping/",
        "assetlib/logs.py",
        "assetlib/metrics.py",
        "assetlib/migrating.py",
        "assetlib/notify/",
        "assetlib/planning/",
        "assetlib/reference/",
        "assetlib/refusals.py",
        "assetlib/search/",
        "assetlib/sharing.py",
        "assetlib/sign_in.py",
        "assetlib/storage/",
        "assetlib/web/",
        "assetlib/worker.py",
    ),
    "structlog": (
        "assetlib/logs.py",
        "assetlib/jobs/running.py",
        "assetlib/keeping/verifying.py",
        "assetlib/storage/scrub.py",
        TRIAL,
    ),
    "types_boto3_s3": ("assetlib/storage/",),
    "werkzeug": (
        "assetlib/api/",
        "assetlib/app.py",
        "assetlib/confirming.py",
        "assetlib/entering.py",
        "assetlib/refusals.py",
        "assetlib/sharing.py",
        "assetlib/sign_in.py",
        "assetlib/web/",
        TRIAL,
    ),
    "whoosh": ("assetlib/search/whoosh_",),
    "xlsxwriter": ("assetlib/sheets.py",),
    "wtforms": ("assetlib/web/forms.py",),
    "zxcvbn": ("assetlib/accounts/rules/guessing.py",),
    "zipstream": ("assetlib/catalog/packaging.py",),
}
"""Package → where it may be imported."""


def test_every_package_is_imported_by_its_owner_only() -> None:
    found = []
    for source in sources():
        for node, package in packages_imported(source.tree):
            if package in sys.stdlib_module_names or package == "assetlib":
                continue
            if not source.place.startswith(OWNERS.get(package, ())):
                found.append(f"{source.at(node)} imports {package}")
    assert found == []


def test_pages_and_api_only_ask_the_database() -> None:
    """They hand sessions on; what changes rows is an action."""
    found = [
        f"{source.place} imports {name}"
        for source in sources()
        if source.place.startswith(("assetlib/api/", "assetlib/web/"))
        for name, (module, original) in source.imported().items()
        if module.split(".")[0] == "sqlalchemy" and original in ("insert", "update", "delete")
    ]
    assert found == []


def test_every_owner_still_owns() -> None:
    """A package that nobody imports any more leaves the list, and the dependencies."""
    used = {package for source in sources() for _, package in packages_imported(source.tree)}
    assert set(OWNERS) - used == set()
