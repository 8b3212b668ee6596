"""Organisations, for administrators."""

from collections.abc import Callable

from apiflask import APIBlueprint
from sqlalchemy.orm import Session

from assetlib.accounts import actions
from assetlib.accounts.models import Organisation
from assetlib.accounts.permissions import MANAGE_PEOPLE
from assetlib.accounts.queries import get_organisation
from assetlib.accounts.queries.directory import organisations_page
from assetlib.api.people_shapes import (
    CloseOrganisationIn,
    MattersOut,
    NameIn,
    OrganisationIn,
    OrganisationOut,
    OrganisationsOut,
    OrganisationsQuery,
    ReasonIn,
    matters_out,
    organisation_out,
)
from assetlib.current import actor, database
from assetlib.goodbyes import open_matters, part_from
from assetlib.policy import open_to

api = APIBlueprint("api_organisations", __name__, url_prefix="/organisations", tag="People")


@api.get("")
@api.input(OrganisationsQuery, location="query")
@api.output(OrganisationsOut)
@open_to(MANAGE_PEOPLE)
def index(query_data: OrganisationsQuery) -> OrganisationsOut:
    """Organisations by name, kind and state, the own company first."""
    with database().reading() as session:
        page = organisations_page(
            session,
            text=query_data.q,
            state=query_data.state,
            kind=query_data.kind,
            number=query_data.page,
            size=query_data.size,
        )
        return OrganisationsOut(
            total=page.total,
            page=page.number,
            size=page.size,
            organisations=[organisation_out(each.organisation) for each in page.rows],
        )


@api.post("")
@api.input(OrganisationIn)
@api.output(OrganisationOut, status_code=201)
@open_to(MANAGE_PEOPLE, fresh=True)
def add(json_data: OrganisationIn) -> OrganisationOut:
    """Add an agency or a partner."""
    kind = json_data.kind if json_data.kind != "own" else ""
    with database().transaction() as session:
        return organisation_out(actions.add_organisation(session, actor(), name=json_data.name, kind=kind))


@api.get("/<int:organisation_id>")
@api.output(OrganisationOut)
@open_to(MANAGE_PEOPLE)
def show(organisation_id: int) -> OrganisationOut:
    """One organisation."""
    with database().reading() as session:
        return organisation_out(get_organisation(session, organisation_id))


@api.patch("/<int:organisation_id>")
@api.input(NameIn)
@api.output(OrganisationOut)
@open_to(MANAGE_PEOPLE, fresh=True)
def rename(organisation_id: int, json_data: NameIn) -> OrganisationOut:
    """Another name."""
    return _changed(
        organisation_id,
        lambda session, row: actions.rename_organisation(session, actor(), row, name=json_data.name),
    )


@api.post("/<int:organisation_id>/suspend")
@api.output(OrganisationOut)
@open_to(MANAGE_PEOPLE, fresh=True)
def suspend(organisation_id: int) -> OrganisationOut:
    """Nobody of it can sign in any more."""
    return _changed(organisation_id, lambda session, row: actions.suspend_organisation(session, actor(), row))


@api.post("/<int:organisation_id>/reopen")
@api.input(ReasonIn)
@api.output(OrganisationOut)
@open_to(MANAGE_PEOPLE, fresh=True)
def reopen(organisation_id: int, json_data: ReasonIn) -> OrganisationOut:
    """Its people can sign in again; a closed one comes back for a reason."""
    return _changed(
        organisation_id,
        lambda session, row: actions.reopen_organisation(session, actor(), row, reason=json_data.reason),
    )


@api.get("/<int:organisation_id>/open-matters")
@api.output(MattersOut)
@open_to(MANAGE_PEOPLE)
def matters(organisation_id: int) -> MattersOut:
    """What stands in the way of closing it."""
    with database().reading() as session:
        return matters_out(open_matters(session, get_organisation(session, organisation_id)))


@api.post("/<int:organisation_id>/close")
@api.input(CloseOrganisationIn)
@api.output(OrganisationOut)
@open_to(MANAGE_PEOPLE, fresh=True)
def close(organisation_id: int, json_data: CloseOrganisationIn) -> OrganisationOut:
    """We work together no longer; refused with all that is still open."""
    return _changed(
        organisation_id,
        lambda session, row: part_from(session, actor(), row, with_people=json_data.people),
    )


def _changed(organisation_id: int, act: Callable[[Session, Organisation], object]) -> OrganisationOut:
    with database().transaction() as session:
        row = get_organisation(session, organisation_id)
        act(session, row)
        return organisation_out(row)
