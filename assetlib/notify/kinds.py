"""What people can be told of: each kind, its name, and how it is mailed unless they choose otherwise.

A domain that tells people something adds its kind here, and calls `telling.tell`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from assetlib.access.actor import ADMINISTRATOR, AGENCY_CONTRIBUTOR, FINANCE, LIBRARIAN, PLANNER, Actor
from assetlib.words import say

Mode = Literal["at_once", "daily", "weekly", "off"]
AT_ONCE: Mode = "at_once"
DAILY: Mode = "daily"
WEEKLY: Mode = "weekly"
OFF: Mode = "off"
MODES: Mapping[Mode, str] = {
    AT_ONCE: say("At once"),
    DAILY: say("Once a day"),
    WEEKLY: say("Once a week"),
    OFF: say("Not by mail"),
}


@dataclass(frozen=True)
class Kind:
    """One sort of thing that people are told of."""

    key: str
    label: str
    """What happened, in a few words."""
    mode: Mode
    """How it is mailed to whoever chose nothing."""
    audience: str
    """Who is told."""
    roles: tuple[str, ...] = ()
    """Whoever holds none of these is never told, and need not choose; empty: it may come to anybody."""
    own_only: bool = False
    """It comes to the house's own people alone."""


_STAFF = (LIBRARIAN, ADMINISTRATOR)
_UPLOADERS = (AGENCY_CONTRIBUTOR, *_STAFF)
_ALL = (
    Kind("version.sent", say("A version waits for a verdict"), AT_ONCE,
         say("Librarians who may give one"), _STAFF),
    Kind("version.approved", say("A version was approved"), AT_ONCE, say("Whoever uploaded it"), _UPLOADERS),
    Kind("version.returned", say("A version came back with a note"), AT_ONCE,
         say("Whoever uploaded it"), _UPLOADERS),
    Kind("version.added", say("A new version of an asset is there"), DAILY,
         say("Librarians who may look after the asset"), _STAFF),
    Kind("asset.published", say("An asset was published"), WEEKLY,
         say("People of the agency that made it"), (AGENCY_CONTRIBUTOR,)),
    Kind("rights.ending", say("Rights end soon"), AT_ONCE,
         say("Librarians who may look after the asset"), _STAFF),
    Kind("upload.refused", say("A file was not taken"), AT_ONCE, say("Whoever sent it"), _UPLOADERS),
    Kind("share.opened", say("A link of yours was opened first"), DAILY, say("Whoever made the link"),
         own_only=True),
    Kind("share.used_up", say("A link of yours ran out of downloads"), AT_ONCE, say("Whoever made the link"),
         own_only=True),
    Kind("request.asked", say("Somebody asks for an asset"), AT_ONCE,
         say("Librarians who may look after the asset"), _STAFF),
    Kind("request.answered", say("A request of yours was answered"), AT_ONCE, say("Whoever asked")),
    Kind("intake.asked", say("Somebody asks marketing for something"), AT_ONCE,
         say("Planners who answer it"), (PLANNER,)),
    Kind("intake.answered", say("Marketing answered what you asked for"), AT_ONCE, say("Whoever asked"),
         own_only=True),
    Kind("access.ended", say("Something is closed to you again"), AT_ONCE, say("Whoever asked for it")),
    Kind("reference.proposed", say("A change of reference data waits for approval"), AT_ONCE,
         say("Finance and administrators"), (FINANCE, ADMINISTRATOR), own_only=True),
    Kind("reference.decided", say("A change of reference data was decided"), AT_ONCE,
         say("Whoever proposed it"), own_only=True),
    Kind("brief.submitted", say("A brief waits for approval"), AT_ONCE,
         say("Planners of the campaign"), (PLANNER,)),
    Kind("brief.decided", say("A brief of yours was approved or came back"), AT_ONCE,
         say("Whoever sent it"), (PLANNER,)),
    Kind("delivery.asked", say("Files are asked of your agency, or the brief changes"), AT_ONCE,
         say("People of the agency"), (AGENCY_CONTRIBUTOR,)),
    Kind("delivery.checked", say("A file of yours failed its checks, or was let through"), AT_ONCE,
         say("Whoever sent it"), _UPLOADERS),
    Kind("delivery.sent", say("Files that you asked for were delivered"), AT_ONCE,
         say("Whoever asked for them"), (PLANNER,)),
    Kind("delivery.decided", say("A delivery was accepted or came back"), AT_ONCE,
         say("Whoever delivered it"), _UPLOADERS),
    Kind("plan.submitted", say("A plan waits for a decision"), AT_ONCE,
         say("Plan approvers who may give it"), own_only=True),
    Kind("plan.decided", say("A plan of yours was decided"), AT_ONCE,
         say("Its owner and who sent it"), own_only=True),
    Kind("plan.commented", say("There is a comment on a plan"), DAILY,
         say("Its owner, who sent it, and who wrote about it"), own_only=True),
    Kind("work.handed_on", say("What a colleague left is yours now"), AT_ONCE, say("Whoever takes it over")),
    Kind("task.given", say("A task was given to you"), AT_ONCE, say("Whoever it was given to")),
    Kind("task.taken", say("A task is not yours any more"), AT_ONCE, say("Whoever had it")),
    Kind("task.ready", say("What comes before a task of yours is finished"), AT_ONCE,
         say("Whoever does the task that waits for it")),
    Kind("account.changed", say("Your account was changed by somebody else, or by a link"), AT_ONCE,
         say("Whose account it is")),
    Kind("audit.broken", say("The audit log was touched"), AT_ONCE,
         say("Administrators"), (ADMINISTRATOR,)),
    Kind("job.given_up", say("Work of the house was given up"), AT_ONCE,
         say("Administrators"), (ADMINISTRATOR,)),
)  # fmt: skip
KINDS: Mapping[str, Kind] = {each.key: each for each in _ALL}


def kinds_for(actor: Actor) -> list[Kind]:
    """What may come to this person by the roles that they hold, in the order of the list."""
    return [
        each
        for each in _ALL
        if (not each.roles or actor.has_role(*each.roles)) and (actor.is_own or not each.own_only)
    ]
