"""All that a role or duty can be held for: organisations, and the choices of brand and region."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from assetlib.accounts.models import Organisation
from assetlib.accounts.rules.roles import Known
from assetlib.catalog.models import Attribute, AttributeChoice
from assetlib.catalog.queries.actors import SCOPED_BY


def known_scopes(session: Session) -> Known:
    """Kind of scope → key → what it is called, in the order in which people look for it. Two statements."""
    found: dict[str, dict[str, str]] = {"organisation": {}, **{kind: {} for kind in SCOPED_BY}}
    for organisation in session.execute(
        select(Organisation.id, Organisation.name)
        .where(Organisation.state != "closed")
        .order_by(Organisation.kind != "own", Organisation.name)
    ):
        found["organisation"][str(organisation.id)] = organisation.name
    for choice in session.execute(
        select(Attribute.key.label("kind"), AttributeChoice.key, AttributeChoice.label)
        .join(Attribute, Attribute.id == AttributeChoice.attribute_id)
        .where(Attribute.key.in_(SCOPED_BY))
        .order_by(Attribute.key, AttributeChoice.label)
    ):
        found[choice.kind][choice.key] = choice.label
    return found
