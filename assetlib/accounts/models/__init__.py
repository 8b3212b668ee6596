"""Organisations, people and groups; what they may; and how they come in."""

from assetlib.accounts.models.entrance import (
    ApiToken,
    Identity,
    OneTimeLink,
    PersonSession,
    RecoveryCode,
    SecondFactor,
    SignInThrottle,
)
from assetlib.accounts.models.grants import DutyGrant, RoleGrant
from assetlib.accounts.models.people import Group, GroupMember, Organisation, Person

__all__ = [
    "ApiToken",
    "DutyGrant",
    "Group",
    "GroupMember",
    "Identity",
    "OneTimeLink",
    "Organisation",
    "Person",
    "PersonSession",
    "RecoveryCode",
    "RoleGrant",
    "SecondFactor",
    "SignInThrottle",
]
