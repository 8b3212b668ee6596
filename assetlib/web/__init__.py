"""Pages: read the form, do the action, redirect; or ask the query, fill the template."""

from flask import Flask

from assetlib.web import (
    account,
    assets,
    attributes,
    bulk_edits,
    collections,
    context,
    door,
    files,
    health,
    jobs,
    library,
    links,
    my_work,
    people,
    sign_in,
    styleguide,
    trash,
    uploads,
)


def install(app: Flask) -> None:
    """All pages, and what every template may use."""
    context.install(app)
    for each in (
        account,
        assets,
        attributes,
        bulk_edits,
        collections,
        door,
        files,
        health,
        jobs,
        library,
        my_work,
        links,
        people,
        sign_in,
        trash,
        uploads,
    ):
        app.register_blueprint(each.pages)
    styleguide.install(app)
