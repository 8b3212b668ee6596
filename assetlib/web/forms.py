"""Small forms, and what pages do with a refusal of what was typed."""

from typing import Any

from flask_wtf import FlaskForm
from wtforms import EmailField, PasswordField, SelectMultipleField, StringField

from assetlib.errors import Refusal


class SignInForm(FlaskForm):
    email = EmailField("E-mail")
    password = PasswordField("Password")


class OrganisationForm(FlaskForm):
    name = StringField("Name")
    kind = StringField("Kind")


class PersonForm(FlaskForm):
    name = StringField("Name")
    email = EmailField("E-mail")
    organisation_id = StringField("Organisation")
    roles = SelectMultipleField("Roles", choices=[], validate_choice=False)
    password = PasswordField("First password")


class RolesForm(FlaskForm):
    roles = SelectMultipleField("Roles", choices=[], validate_choice=False)


def lay_faults(form: FlaskForm, refusal: Refusal) -> None:
    """Put a refusal's sentences beside the fields they are about; the rest is said above the form."""
    fields: dict[str, Any] = refusal.details.get("fields", {})
    for name, sentence in fields.items():
        if name in form:
            form[name].errors = [*form[name].errors, sentence]
