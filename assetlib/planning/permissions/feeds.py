"""Who has calendars read by other programs."""

from assetlib.access.permission import Permission, any_of
from assetlib.accounts.permissions import MANAGE_PEOPLE
from assetlib.planning.permissions.plans import of_the_house
from assetlib.planning.permissions.work import of_an_agency
from assetlib.words import say

KEEP_FEEDS = Permission(
    "planning.keep_feeds",
    any_of(of_the_house, of_an_agency),
    say("Calendar feeds are open to the people of the house and of its agencies."),
)
"""For oneself; not with a token, as it makes another secret."""
READ_FEED = Permission(
    "planning.read_feed",
    lambda actor, feed: KEEP_FEEDS.clause(actor, None) and feed.person_id == actor.person_id,
)
"""Asked of the person whose feed it is, whoever holds its address."""
REVOKE_FEED = Permission(
    "planning.revoke_feed",
    lambda actor, feed: feed.person_id == actor.person_id or MANAGE_PEOPLE.clause(actor, None),
    say("Feeds are revoked by their owners and by administrators."),
)
