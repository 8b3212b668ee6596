"""Organisations, for administrators."""

from functools import partial

from apiflask import APIBlueprint

from assetlib.accounts import actions
from assetlib.accounts.permissions import MANAGE_PEOPLE
from assetlib.accounts.queries import get_organisation
from assetlib.accounts.queries.directory import organisations_page
from assetlib.api.changing import Changing
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
_changed = Changing(get_organisation, lambda _, row: organisation_out(row))


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
    said = json_data
    return _changed(organisation_id, partial(actions.rename_organisation, name=said.name, seen=said.seen))


@api.post("/<int:organisation_id>/suspend")
@api.output(OrganisationOut)
@open_to(MANAGE_PEOPLE, fresh=True)
def suspend(organisation_id: int) -> OrganisationOut:
    """Nobody of it can sign in any more."""
    return _changed(organisation_id, actions.suspend_organisation)


@api.post("/<int:organisation_id>/reopen")
@api.input(ReasonIn)
@api.output(OrganisationOut)
@open_to(MANAGE_PEOPLE, fresh=True)
def reopen(organisation_id: int, json_data: ReasonIn) -> OrganisationOut:
    """Its people can sign in again; a closed one comes back for a reason."""
    return _changed(organisation_id, partial(actions.reopen_organisation, reason=json_data.reason))


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
    return _changed(organisation_id, partial(part_from, with_people=json_data.people))
