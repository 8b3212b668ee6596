"""Small forms, and what pages do with a refusal of what was typed."""

from typing import Any

from flask import request
from flask_wtf import FlaskForm
from wtforms import EmailField, PasswordField

from assetlib.database import LARGEST_ID
from assetlib.errors import Refusal
from assetlib.words import say


def row_number(text: str) -> int:
    """The number that a form or an address names, as `type` of `get`: what no row can have is not read."""
    if not (text.isascii() and text.isdecimal() and len(text) <= len(str(LARGEST_ID))):
        raise ValueError("no number of a row")
    number = int(text)
    if number > LARGEST_ID:
        raise ValueError("no number of a row")
    return number


def revision_seen() -> int:
    """The revision that the sent form was made from; one that never was when it names none."""
    return request.form.get("revision", -1, type=int)


class SignInForm(FlaskForm):
    email = EmailField(say("E-mail"))
    password = PasswordField(say("Password"))


class PasswordForm(FlaskForm):
    old = PasswordField(say("Present password"))
    password = PasswordField(say("New password"))


def lay_faults(form: FlaskForm, refusal: Refusal) -> None:
    """Put a refusal's sentences beside the fields they are about; the rest is said above the form."""
    fields: dict[str, Any] = refusal.details.get("fields", {})
    for name, sentence in fields.items():
        if name in form:
            form[name].errors = [*form[name].errors, sentence]
