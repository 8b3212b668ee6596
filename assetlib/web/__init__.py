"""Pages: read the form, do the action, redirect; or ask the query, fill the template."""

from flask import Flask

from assetlib.policy import SignInFirst
from assetlib.web import (
    account,
    assets,
    attributes,
    audit,
    bulk_edits,
    calendar,
    collections,
    context,
    door,
    exports,
    files,
    groups,
    health,
    jobs,
    library,
    links,
    my_work,
    notices,
    organisations,
    outbox,
    people,
    people_bulk,
    person,
    reference,
    reference_changes,
    reference_years,
    requests,
    second_factor,
    share_page,
    shares,
    sign_in,
    single_sign_on,
    styleguide,
    tiles,
    tokens,
    trash,
    uploads,
    ways_in,
)


def install(app: Flask) -> None:
    """All pages, and what every template may use."""
    context.install(app)
    tiles.install(app)
    for each in (
        account,
        assets,
        attributes,
        audit,
        bulk_edits,
        calendar,
        collections,
        door,
        exports,
        files,
        groups,
        health,
        jobs,
        library,
        my_work,
        links,
        notices,
        organisations,
        outbox,
        people,
        second_factor,
        people_bulk,
        person,
        reference,
        reference_changes,
        reference_years,
        requests,
        share_page,
        shares,
        sign_in,
        single_sign_on,
        tokens,
        trash,
        uploads,
        ways_in,
    ):
        app.register_blueprint(each.pages)
    app.register_error_handler(SignInFirst, sign_in.ask_to_sign_in)
    styleguide.install(app)
