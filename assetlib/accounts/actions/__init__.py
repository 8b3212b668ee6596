"""What administrators do with people and organisations."""

from assetlib.accounts.actions.organisations import (
    add_organisation,
    reopen_organisation,
    suspend_organisation,
)
from assetlib.accounts.actions.people import (
    add_person,
    reopen_person,
    set_password,
    set_roles,
    suspend_person,
)

__all__ = [
    "add_organisation",
    "add_person",
    "reopen_organisation",
    "reopen_person",
    "set_password",
    "set_roles",
    "suspend_organisation",
    "suspend_person",
]
