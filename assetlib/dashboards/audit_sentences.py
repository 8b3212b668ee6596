"""What is in the record of what happened, as sentences: who did what to which thing."""

from collections.abc import Mapping
from typing import Any

from assetlib.words import Said, say

ROOMS: dict[str, str] = {
    "access": say("Refusals"),
    "accounts": say("People"),
    "audit": say("Audit log"),
    "catalog": say("Library"),
    "jobs": say("Jobs"),
    "keeping": say("Backups"),
    "notify": say("Notices"),
    "storage": say("Files"),
}
"""The first part of an action's name → what the room is called."""

SENTENCES: dict[str, str] = {
    "access.refused": say("{who} was refused at {path}"),
    "catalog.access_asked": say("{who} asked for access, {thing}"),
    "catalog.asset_closed": say("{who} ended what was opened of {thing}"),
    "catalog.asset_opened": say("{who} opened {thing} to somebody for a time"),
    "accounts.duty_ended": say("{who} ended a duty of {thing}"),
    "accounts.duty_granted": say("{who} gave {thing} a duty"),
    "accounts.group_added": say("{who} added {thing}"),
    "accounts.group_deleted": say("{who} deleted {thing}"),
    "accounts.group_described": say("{who} changed {thing}"),
    "accounts.group_member_removed": say("{who} took somebody out of {thing}"),
    "accounts.group_members_added": say("{who} put people into {thing}"),
    "accounts.group_roles_set": say("{who} changed the roles of {thing}"),
    "accounts.groups_set": say("{who} changed the groups of {thing}"),
    "accounts.invitation_sent": say("{who} invited {thing}"),
    "accounts.organisation_added": say("{who} added {thing}"),
    "accounts.organisation_renamed": say("{who} renamed {thing}"),
    "accounts.password_change_refused": say("{who} was refused another password for {thing}"),
    "accounts.language_set": say("{who} chose the language or time zone of {thing}"),
    "accounts.password_changed": say("{who} changed the password of {thing}"),
    "accounts.password_set": say("{who} set the password of {thing}"),
    "accounts.person_added": say("{who} added {thing}"),
    "accounts.person_changed": say("{who} changed {thing}"),
    "accounts.person_closed": say("{who} closed the account of {thing}"),
    "accounts.person_erased": say("{who} erased name and address of {thing}"),
    "accounts.person_invited": say("{who} invited {thing}"),
    "accounts.person_invited_again": say("{who} invited {thing} again"),
    "accounts.person_reopened": say("{who} let {thing} in again"),
    "accounts.person_suspended": say("{who} suspended {thing}"),
    "accounts.organisation_reopened": say("{who} let {thing} in again"),
    "accounts.organisation_suspended": say("{who} suspended {thing}"),
    "accounts.organisation_closed": say("{who} closed {thing}"),
    "accounts.reset_asked": say("{who} asked for a new password for {thing}"),
    "accounts.reset_not_sent": say("{who} asked for a new password, and nothing was sent"),
    "accounts.reset_used": say("{who} used a link for a new password of {thing}"),
    "accounts.reset_sent": say("{who} sent {thing} a link for a new password"),
    "accounts.roles_set": say("{who} changed the roles of {thing}"),
    "accounts.sign_in_refused": say("{who} tried to sign in and was refused"),
    "accounts.signed_in": say("{who} signed in"),
    "accounts.code_refused": say("{who} was refused a code of the second factor"),
    "accounts.code_used": say("{who} gave a code of the second factor"),
    "accounts.confirmation_refused": say("{who} was refused when asked who they are"),
    "accounts.confirmed": say("{who} showed again who they are"),
    "accounts.doors_shut": say("{who} ended all ways in of {thing}"),
    "accounts.identity_learned": say("{who} came in with an account of the company for the first time"),
    "accounts.invitation_used": say("{who} took up the invitation of {thing}"),
    "accounts.other_sessions_ended": say("{who} signed out everywhere else"),
    "accounts.recovery_codes_renewed": say("{who} made new recovery codes"),
    "accounts.second_factor_begun": say("{who} began to set up a second factor"),
    "accounts.second_factor_off": say("{who} turned the second factor off"),
    "accounts.second_factor_on": say("{who} turned the second factor on"),
    "accounts.second_factor_reset": say("{who} reset the second factor of {thing}"),
    "accounts.session_ended": say("{who} ended {thing}"),
    "accounts.token_made": say("{who} made {thing}"),
    "accounts.token_revoked": say("{who} took {thing} back"),
    "accounts.signed_out": say("{who} signed out"),
    "audit.exported": say("{who} exported the audit log"),
    "audit.read": say("{who} looked at the audit log"),
    "audit.verification_asked": say("{who} asked for the audit log to be verified"),
    "audit.verified": say("{who} verified {entries} entries of the audit log"),
    "catalog.asset_added": say("{who} added {thing}"),
    "catalog.asset_archived": say("{who} archived {thing}"),
    "catalog.asset_bulk_edit_undone": say("{who} undid a bulk edit of {thing}"),
    "catalog.asset_bulk_edited": say("{who} changed {thing} with others"),
    "catalog.asset_deleted": say("{who} moved {thing} to the trash"),
    "catalog.asset_described": say("{who} changed the description of {thing}"),
    "catalog.asset_downloaded": say("{who} downloaded {thing}, version {version}"),
    "catalog.asset_published": say("{who} published {thing}"),
    "catalog.asset_purged": say("{who} removed {thing} for good"),
    "catalog.asset_reopened": say("{who} took {thing} up again"),
    "catalog.asset_restored": say("{who} restored {thing} from the trash"),
    "catalog.asset_submitted": say("{who} sent {thing} for approval"),
    "catalog.asset_withdrawn": say("{who} withdrew {thing}"),
    "catalog.assets_collected": say("{who} put assets into {thing}"),
    "catalog.assets_uncollected": say("{who} took assets out of {thing}"),
    "catalog.attribute_added": say("{who} added {thing}"),
    "catalog.attribute_changed": say("{who} changed {thing}"),
    "catalog.attribute_removed": say("{who} removed {thing}"),
    "catalog.attributes_set": say("{who} changed the details of {thing}"),
    "catalog.bulk_edit_broken_off": say("{who} broke off {thing}"),
    "catalog.bulk_edit_done": say("{who} finished {thing}"),
    "catalog.bulk_edit_previewed": say("{who} looked at what {thing} would change"),
    "catalog.bulk_edit_previews_dropped": say("{who} cleared away bulk edits that nobody started"),
    "catalog.bulk_edit_started": say("{who} started {thing}"),
    "catalog.bulk_edit_taken_up": say("{who} went on with {thing}"),
    "catalog.bulk_edit_undo_started": say("{who} began to undo {thing}"),
    "catalog.bulk_edit_undone": say("{who} undid {thing}"),
    "catalog.choice_added": say("{who} added a choice to {thing}"),
    "catalog.choice_moved": say("{who} moved a choice of {thing}"),
    "catalog.choice_removed": say("{who} removed a choice of {thing}"),
    "catalog.choice_renamed": say("{who} renamed a choice of {thing}"),
    "catalog.collection_deleted": say("{who} deleted {thing}"),
    "catalog.collection_described": say("{who} changed {thing}"),
    "catalog.collection_granted": say("{who} opened {thing} to others"),
    "catalog.collection_handed_on": say("{who} handed {thing} on"),
    "catalog.collection_made": say("{who} made {thing}"),
    "catalog.collection_moved": say("{who} moved {thing}"),
    "catalog.collection_ordered": say("{who} put {thing} in another order"),
    "catalog.collection_ungranted": say("{who} closed {thing} to others"),
    "catalog.embargo_changed": say("{who} changed the embargo of {thing}"),
    "catalog.package_made": say("{who} put assets into a ZIP"),
    "catalog.preview_given_up": say("{who} gave up on previews of {thing}"),
    "catalog.renditions_made": say("{who} made previews of {thing}"),
    "catalog.request_closed": say("{who} closed {thing}, which nobody answered"),
    "catalog.request_declined": say("{who} did not grant {thing}"),
    "catalog.request_granted": say("{who} granted {thing}"),
    "catalog.request_taken_back": say("{who} took {thing} back"),
    "catalog.rights_recorded": say("{who} recorded the rights of {thing}"),
    "catalog.rights_removed": say("{who} removed the rights of {thing}"),
    "catalog.schema_laid": say("{who} laid the attributes to begin with"),
    "catalog.share_changed": say("{who} changed {thing}"),
    "catalog.share_closed": say("{who} closed {thing}"),
    "catalog.share_handed_on": say("{who} handed {thing} on"),
    "catalog.share_made": say("{who} made {thing}"),
    "catalog.share_opened": say("{who} opened {thing}"),
    "catalog.share_password_set": say("{who} set a password for {thing}"),
    "catalog.share_refused": say("{who} was refused at {thing}"),
    "catalog.share_revoked": say("{who} took {thing} back"),
    "catalog.upload_refused": say("{who} refused the file of {thing}"),
    "catalog.upload_taken_up": say("{who} took {thing} up again"),
    "catalog.version_added": say("{who} added version {version} of {thing}"),
    "catalog.version_approved": say("{who} approved {thing}, version {version}"),
    "catalog.version_returned": say("{who} returned {thing}, version {version}"),
    "catalog.version_warned": say("{who} found something odd in {thing}"),
    "jobs.started_again": say("{who} let {thing} start again"),
    "notify.choices_changed": say("{who} changed how they are told of things"),
    "notify.mail_read": say("{who} opened {thing}, which went to somebody else"),
    "storage.blob_damaged": say("{who} found {thing} damaged"),
    "storage.blob_dropped": say("{who} let go of {thing}"),
    "storage.blob_whole_again": say("{who} found {thing} whole again"),
    "storage.upload_begun": say("{who} began {thing}"),
    "storage.upload_cancelled": say("{who} broke off {thing}"),
    "storage.upload_completed": say("{who} sent all of {thing}"),
}
"""Action → its sentence. One that is not here is told by its name."""


def sentence_of(action: str, *, who: str, thing: str, facts: Mapping[str, Any]) -> str:
    """Mira Koch approved AST-00042, version 3."""
    sentence = SENTENCES.get(action)
    if sentence is None:
        did = action.partition(".")[2].replace("_", " ") or action
        return say("{who}: {did}, {thing}", who=who, did=did, thing=thing)
    unknown = say("unknown")
    values = {
        "who": who,
        "thing": thing,
        "version": str(facts.get("version", unknown)),
        "path": str(facts.get("path", unknown)),
        "entries": facts.get("entries", 0),
    }
    return Said(sentence.pattern if isinstance(sentence, Said) else sentence, values)


def room_of(action: str) -> str:
    return action.partition(".")[0]


def action_in_words(action: str) -> str:
    """`catalog.version_approved` as a choice in a list: Somebody approved …, version …"""
    gap = "…"
    facts = {"version": gap, "path": gap, "entries": gap}
    return sentence_of(action, who=say("Somebody"), thing=gap, facts=facts)
