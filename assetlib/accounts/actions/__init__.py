"""What administrators do with people, organisations and groups."""

from assetlib.accounts.actions.bulk import invite_people
from assetlib.accounts.actions.erasing import erase_person
from assetlib.accounts.actions.grants import end_duty, grant_duty, set_groups, set_roles
from assetlib.accounts.actions.groups import (
    add_group,
    add_members,
    delete_group,
    describe_group,
    remove_member,
    set_group_roles,
)
from assetlib.accounts.actions.leaving import close_person
from assetlib.accounts.actions.organisations import (
    add_organisation,
    close_organisation,
    rename_organisation,
    reopen_organisation,
    suspend_organisation,
)
from assetlib.accounts.actions.people import (
    add_person,
    change_person,
    invite_again,
    invite_person,
    reopen_person,
    set_password,
    suspend_person,
)

__all__ = [
    "add_group",
    "add_members",
    "add_organisation",
    "add_person",
    "change_person",
    "close_organisation",
    "close_person",
    "delete_group",
    "describe_group",
    "end_duty",
    "erase_person",
    "grant_duty",
    "invite_again",
    "invite_people",
    "invite_person",
    "remove_member",
    "rename_organisation",
    "reopen_organisation",
    "reopen_person",
    "set_group_roles",
    "set_groups",
    "set_password",
    "set_roles",
    "suspend_organisation",
    "suspend_person",
]
