"""Pages: read the form, do the action, redirect; or ask the query, fill the template."""

from flask import Flask

from assetlib.web import context, health, jobs, people, sign_in, styleguide


def install(app: Flask) -> None:
    """All pages, and what every template may use."""
    context.install(app)
    for blueprint in (health.pages, sign_in.pages, people.pages, jobs.pages):
        app.register_blueprint(blueprint)
    styleguide.install(app)
