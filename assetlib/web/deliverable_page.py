"""The page of one deliverable, for the house and for those who deliver."""

from typing import Any

from flask import render_template, request
from sqlalchemy import select
from sqlalchemy.orm import Session

from assetlib.access.actor import Actor
from assetlib.accounts.models import Person
from assetlib.audit.models import AuditEntry
from assetlib.catalog.queries.delivery_specs import attribute_labels
from assetlib.catalog.queries.tiles import tiles_of
from assetlib.catalog.rules.delivery_specs import rules_of
from assetlib.current import actor, database
from assetlib.dashboards.audit_log import lines_of
from assetlib.errors import Refusal
from assetlib.planning.models import Deliverable
from assetlib.planning.permissions.deliverables import (
    APPROVE_SCOPE,
    DECIDE_DELIVERY,
    DELIVER,
    EDIT_DELIVERABLE,
    is_asked,
)
from assetlib.planning.queries.deliverables import (
    deliveries_of,
    get_deliverable,
    holds_on,
    not_open_to_agency,
    on_the_way,
    organisation_names,
    spec_of,
)
from assetlib.planning.rules.deliverables import OPEN_TO_CHANGE
from assetlib.planning.rules.deliverables import SCOPE as STEPS
from assetlib.web.context import face, moment
from assetlib.web.deliverable_view import CREATIVE, SCOPE, due_words, item_view, rule_rows, sending
from assetlib.web.tiles import tile_view
from assetlib.words import recalled

MOST_HAPPENINGS = 40


def draw(deliverable_id: int, *, problem: Refusal | None = None, delivering: bool = False) -> str:
    """The page, with the refusal of what was sent from it."""
    who = actor()
    with database().reading() as session:
        row = get_deliverable(session, who, deliverable_id)
        delivering = (delivering or not who.is_own) and is_asked(who, row)
        shown = _shown(session, who, row)
        if not delivering:
            shown |= _for_the_house(session, who, row)
    return render_template(
        "deliverables/deliver.html" if delivering else "deliverables/page.html",
        **shown,
        typed=request.form if problem is not None else {},
        problem=problem,
        owner_id=who.person_id,
        sender_of_house=who.is_own,
    )


def _shown(session: Session, who: Actor, row: Deliverable) -> dict[str, Any]:
    """What both see."""
    came, waiting = deliveries_of(session, row), on_the_way(session, row)
    spec = spec_of(session, row)
    rules = rule_rows(rules_of(spec.rules), attribute_labels(session)) if spec is not None else []
    owner = session.get_one(Person, row.owner_id)
    attached = [each.asset_id for each in row.attachments]
    tiles = tiles_of(
        session, who, [*([row.brief_asset_id] if row.brief_asset_id is not None else []), *attached]
    )
    views = [tile_view(who, tile) for tile in tiles]
    items = [item_view(who, row, item, came[item.id], waiting.get(item.id, "")) for item in row.items]
    # What failed stands first, where it is mended.
    items.sort(key=lambda each: not (each["file"] and each["file"]["state"] in ("quarantined", "returned")))
    return {
        "deliverable": row,
        "url": f"/deliverables/{row.id}",
        "scope": SCOPE[row.scope_state],
        "creative": CREATIVE[row.creative_state],
        "due": due_words(row),
        "items": items,
        "rules": rules,
        "spec": spec,
        "owner": {"name": owner.name, "email": owner.email},
        "brief_tile": next((each for each in views if each.id == row.brief_asset_id), None),
        "attachments": [each for each in views if each.id in attached],
        "takes_files": DELIVER.allows(who, row),
        "sending": sending(items),
    }


def _for_the_house(session: Session, who: Actor, row: Deliverable) -> dict[str, Any]:
    entries = session.scalars(
        select(AuditEntry)
        .where(AuditEntry.object_kind == "deliverable", AuditEntry.object_id == str(row.id))
        .order_by(AuditEntry.seq.desc())
        .limit(MOST_HAPPENINGS)
    ).all()
    edits, decides = EDIT_DELIVERABLE.allows(who, row), APPROVE_SCOPE.allows(who, row)
    return {
        "agency": organisation_names(session, [row.agency_id]).get(row.agency_id or 0, ""),
        "campaign": row.task.activity.campaign,
        "task": row.task,
        "hidden": not_open_to_agency(session, row),
        "holds": [recalled(each.sentence) for each in holds_on(session, row.id)],
        "may": {
            "edit": edits and row.scope_state in OPEN_TO_CHANGE,
            "submit": edits and row.scope_state in STEPS["submit_brief"],
            "approve": decides and row.scope_state in STEPS["approve_scope"],
            "rescope": edits and row.scope_state in STEPS["rescope"],
            "drop": edits and row.scope_state in STEPS["drop"],
            "decide": DECIDE_DELIVERY.allows(who, row),
        },
        "history": [
            {
                "person": face(line.person_id or 0, line.who),
                "sentence": line.sentence,
                "at": moment(line.at),
                "iso": line.at.isoformat(),
                "reason": line.reason,
            }
            for line in lines_of(session, entries)
        ],
    }
