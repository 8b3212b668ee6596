"""What belongs to this HTTP request: who acts, and the house they act in."""

from typing import cast

from flask import current_app, g

from assetlib.access.actor import ANONYMOUS, Actor
from assetlib.database import Database
from assetlib.house import House


def house() -> House:
    return cast("House", current_app.extensions["assetlib"])


def database() -> Database:
    return house().database


def actor() -> Actor:
    """Who acts in this request; nobody in particular when not signed in."""
    return cast("Actor", g.get("actor", ANONYMOUS))


def request_id() -> str:
    return cast("str", g.get("request_id", ""))
