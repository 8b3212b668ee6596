"""How templates read what they are given."""

from typing import Any

from flask import Flask
from flask.templating import Environment


class PageEnvironment(Environment):
    """Jinja, with mappings read as the records that they are on our pages."""

    def getattr(self, obj: Any, attribute: str) -> Any:
        """`row.name`: an entry of that name, else the attribute.

        Jinja's own looks for the attribute first; on a page of 48 pictures that fails 2,000 times, and takes
        a fifth of the time in which the page is written.
        """
        if type(obj) is dict and attribute in obj:
            return obj[attribute]
        return super().getattr(obj, attribute)


def install(app: Flask) -> None:
    """To be called before anything asks the app for its environment."""
    app.jinja_environment = PageEnvironment
