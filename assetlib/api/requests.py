"""Requests for access: ask, answer, and end what was opened."""

from datetime import date, datetime

from apiflask import APIBlueprint
from pydantic import BaseModel, Field

from assetlib.accounts.throttling import ACCESS_REQUESTS, count_try
from assetlib.api.shapes import Query, RowId, Shape, Text
from assetlib.catalog.actions import requests as actions
from assetlib.catalog.permissions.requests import (
    ANSWER_REQUESTS,
    ASK_FOR_ACCESS,
    END_ACCESS,
    SEE_ACCESS,
    SEE_REQUESTS,
)
from assetlib.catalog.queries.assets import get_asset
from assetlib.catalog.queries.requests import Asked, get_request, grants_of, requests_of, requests_to_answer
from assetlib.current import actor, database
from assetlib.paging import Page
from assetlib.policy import open_to
from assetlib.words import recalled

api = APIBlueprint("api_requests", __name__, tag="Requests")


class RequestIn(Shape):
    """What is asked for: the number of an asset, or a search."""

    asset: RowId | None = None
    query: Text = ""
    purpose: Text
    until: date = Field(description="the last day")


class GrantIn(Shape):
    until: date = Field(description="the last day")
    assets: list[RowId] = Field(default=[], description="what is opened, where a search was asked for")
    answer: Text = ""


class EndQuery(BaseModel):
    reason: str = Field("", description="they read it")


class RefuseIn(Shape):
    reason: Text


class RequestOut(Shape):
    id: int
    asset: int | None = Field(description="the number that was asked for, whether it leads anywhere or not")
    query: str
    person: str
    purpose: str
    until: date | None
    state: str = Field(description="open, granted, ended, refused or taken_back")
    opened_until: date | None = Field(description="the last day of what was opened")
    answer: str
    asked_at: datetime
    answered_at: datetime | None


class RequestsOut(Shape):
    total: int
    page: int
    size: int
    requests: list[RequestOut]


class OpenedOut(Shape):
    person_id: int
    person: str
    until: date
    granted_by: str


class AccessOut(Shape):
    access: list[OpenedOut]


@api.get("/requests")
@api.input(Query, location="query")
@api.output(RequestsOut)
@open_to(SEE_REQUESTS)
def index(query_data: Query) -> RequestsOut:
    """What you asked for, the latest first."""
    with database().reading() as session:
        return _page(requests_of(session, actor(), number=query_data.page, size=query_data.size))


@api.get("/requests/waiting")
@api.input(Query, location="query")
@api.output(RequestsOut)
@open_to(ANSWER_REQUESTS)
def waiting(query_data: Query) -> RequestsOut:
    """What waits for your answer, the oldest first."""
    with database().reading() as session:
        return _page(requests_to_answer(session, actor(), number=query_data.page, size=query_data.size))


@api.post("/requests")
@api.input(RequestIn)
@api.output(RequestOut, status_code=201)
@open_to(ASK_FOR_ACCESS)
def ask(json_data: RequestIn) -> RequestOut:
    """Ask for access. The answer is the same whether there is such an asset or not."""
    with database().transaction() as session:
        count_try(session, (ACCESS_REQUESTS, str(actor().person_id)))
    with database().transaction() as session:
        row = actions.ask_for_access(
            session,
            actor(),
            asset_number=json_data.asset,
            query=json_data.query,
            purpose=json_data.purpose,
            until=json_data.until,
        )
        return _out(get_request(session, actor(), row.id))


@api.get("/requests/<int:request_id>")
@api.output(RequestOut)
@open_to(SEE_REQUESTS)
def show(request_id: int) -> RequestOut:
    """One request, to the person who asked and to those who answer."""
    with database().reading() as session:
        return _out(get_request(session, actor(), request_id))


@api.post("/requests/<int:request_id>/take-back")
@api.output(RequestOut)
@open_to(SEE_REQUESTS)
def take_back(request_id: int) -> RequestOut:
    """You do not need it any more."""
    with database().transaction() as session:
        asked = get_request(session, actor(), request_id)
        actions.take_back_request(session, actor(), asked.request)
        return _out(asked)


@api.post("/requests/<int:request_id>/grant")
@api.input(GrantIn)
@api.output(RequestOut)
@open_to(ANSWER_REQUESTS)
def grant(request_id: int, json_data: GrantIn) -> RequestOut:
    """Open it to the person who asked, up to and with a day."""
    with database().transaction() as session:
        asked = get_request(session, actor(), request_id)
        actions.grant_request(
            session,
            actor(),
            asked.request,
            asset_ids=json_data.assets,
            until=json_data.until,
            answer=json_data.answer,
        )
        return _out(get_request(session, actor(), request_id))


@api.post("/requests/<int:request_id>/refuse")
@api.input(RefuseIn)
@api.output(RequestOut)
@open_to(ANSWER_REQUESTS)
def refuse(request_id: int, json_data: RefuseIn) -> RequestOut:
    """Say why it is not opened."""
    with database().transaction() as session:
        asked = get_request(session, actor(), request_id)
        actions.refuse_request(session, actor(), asked.request, reason=json_data.reason)
        return _out(asked)


@api.get("/assets/<int:asset_id>/access")
@api.output(AccessOut)
@open_to(SEE_ACCESS)
def access(asset_id: int) -> AccessOut:
    """To whom the asset is open by an answered request."""
    with database().reading() as session:
        asset = get_asset(session, actor(), asset_id)
        SEE_ACCESS.require(actor(), asset)
        return AccessOut(
            access=[
                OpenedOut(
                    person_id=each.person_id,
                    person=each.person,
                    until=each.until,
                    granted_by=each.granted_by,
                )
                for each in grants_of(session, actor(), asset)
            ]
        )


@api.delete("/assets/<int:asset_id>/access/<int:person_id>")
@api.input(EndQuery, location="query")
@api.output({}, status_code=204)
@open_to(END_ACCESS)
def end(asset_id: int, person_id: int, query_data: EndQuery) -> str:
    """Close it to them, from this moment on, and tell them."""
    with database().transaction() as session:
        asset = get_asset(session, actor(), asset_id)
        actions.end_access(session, actor(), asset, person_id, reason=query_data.reason)
    return ""


def _page(page: Page[Asked]) -> RequestsOut:
    return RequestsOut(
        total=page.total, page=page.number, size=page.size, requests=[_out(each) for each in page.rows]
    )


def _out(asked: Asked) -> RequestOut:
    row = asked.request
    return RequestOut(
        id=row.id,
        asset=row.asset_number,
        query=row.query,
        person=asked.person,
        purpose=row.purpose,
        until=row.until,
        state=asked.standing,
        opened_until=asked.opened_until,
        answer=recalled(row.answer),
        asked_at=row.created_at,
        answered_at=row.answered_at,
    )
