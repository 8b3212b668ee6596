"""A page asks the database as often for many rows as for few."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from sqlalchemy import event, select
from sqlalchemy.orm import Session

from assetlib import clock
from assetlib.access.actor import FIELD_MARKETER, PARTNER, PLANNER, Actor
from assetlib.accounts.models import Group, GroupMember, RoleGrant
from assetlib.catalog.models import (
    AccessRequest,
    Asset,
    AssetGrant,
    BulkEdit,
    BulkEditItem,
    Collection,
    CollectionItem,
    Share,
    ShareAccess,
    ShareItem,
)
from assetlib.catalog.schema import lay_schema
from assetlib.database import Database
from assetlib.house import House
from assetlib.jobs.models import DEAD, Job
from assetlib.notify.telling import tell
from assetlib.planning.models import Activity, IntakeForm, IntakeRequest, MeasuredResult, TaskPredecessor
from assetlib.search.checking import rebuild
from assetlib.web.uploads import MOST_LATELY
from tests import make, make_plans
from tests.delivery import statements_reference
from tests.delivery.visiting import Visits

FEW, MANY = 5, 60
SHORTEST_PAGE = 30
"""Rows that stand on every page when there are enough, though not all of them can be asked for more."""
LIBRARY, ELSEWHERE, A_LINK = 12, 15, 20
"""The most statements that a page may send."""

ASSET, COLLECTION = r'href="/assets/(\d+)', r'href="/collections/(\d+)'
PAGES = [
    # who, where, how many statements at most, what tells a row from another
    ("librarian", "/library?size=96", LIBRARY, ASSET),
    ("librarian", "/library?size=96&view=list", LIBRARY, ASSET),
    ("librarian", "/library?size=96&q=lighthouse", LIBRARY, ASSET),
    ("field_marketer", "/library?size=96", LIBRARY, ASSET),
    ("contributor", "/library?size=96", LIBRARY, ASSET),
    ("librarian", "/collections", ELSEWHERE, COLLECTION),
    ("partner_marketer", "/collections", ELSEWHERE, COLLECTION),
    ("librarian", "/collections/1?size=96", ELSEWHERE, ASSET),
    ("granted", "/library?size=96&q=lighthouse", LIBRARY, ASSET),
    ("granted", "/collections/1?size=96", ELSEWHERE, ASSET),
    ("librarian", "/trash", ELSEWHERE, ASSET),
    ("contributor", "/uploads", ELSEWHERE, ASSET),
    ("administrator", "/people?size=96", ELSEWHERE, r"\w+@company.example"),
    ("administrator", "/people/organisations?size=96", ELSEWHERE, r"/people/organisations/(\d+)"),
    ("administrator", "/people/groups?size=96", ELSEWHERE, r"/people/groups/(\d+)"),
    ("administrator", "/people/groups/1?size=96", ELSEWHERE, r"\w+@company.example"),
    (
        "administrator",
        "/people/groups/2/members?person=1&person=2",
        ELSEWHERE,
        r'name="person" value="(\d+)"',
    ),
    ("administrator", "/jobs?state=dead", ELSEWHERE, r"/jobs/(\d+)/again"),
    ("librarian", "/bulk-edits", ELSEWHERE, r"/bulk-edits/(\d+)"),
    ("librarian", "/bulk-edits/1", ELSEWHERE, ASSET),
    ("librarian", "/shares?size=96", ELSEWHERE, r'href="/shares/(\d+)'),
    ("librarian", "/shares/1?size=96", A_LINK, ASSET),
    ("field_marketer", "/requests?size=96", ELSEWHERE, r'href="/requests/(\d+)'),
    ("librarian", "/requests", ELSEWHERE, r'href="/requests/(\d+)'),
    ("librarian", "/notices", ELSEWHERE, ASSET),
    ("planner", "/campaigns?size=96", ELSEWHERE, r'href="/campaigns/(\d+)"'),
    ("planner", "/campaigns/1", ELSEWHERE, r'id="task-(\d+)"'),
    ("planner", "/campaigns/1/board", ELSEWHERE, r'href="/tasks/(\d+)"'),
    ("planner", "/campaigns/1/results", ELSEWHERE, r"Visits (\d+)"),
    ("planner", "/intake", ELSEWHERE, r'href="/intake/(\d+)"'),
    ("field_marketer", "/intake?size=96", ELSEWHERE, r'href="/intake/(\d+)"'),
    ("planner", "/tasks?all=1&size=96", ELSEWHERE, r'href="/tasks/(\d+)"'),
    ("contributor", "/tasks?size=96", ELSEWHERE, r'href="/tasks/(\d+)"'),
    ("planner", "/api/v1/campaigns?size=96", ELSEWHERE, r'"id":\s*(\d+)'),
    ("planner", "/api/v1/campaigns/1", ELSEWHERE, r'"id":\s*(\d+)'),
    ("contributor", "/api/v1/tasks?size=96", ELSEWHERE, r'"id":\s*(\d+)'),
    ("librarian", "/api/v1/shares?size=96", ELSEWHERE, r'"id":\s*(\d+)'),
    ("librarian", "/api/v1/shares/1/accesses?size=96", ELSEWHERE, r'"asset":\s*(\d+)'),
    ("field_marketer", "/api/v1/requests?size=96", ELSEWHERE, r'"id":\s*(\d+)'),
    ("librarian", "/api/v1/requests/waiting?size=96", ELSEWHERE, r'"id":\s*(\d+)'),
    ("librarian", "/api/v1/notices?size=96", ELSEWHERE, r'"id":\s*(\d+)'),
    ("librarian", "/api/v1/library?size=96", LIBRARY, r'"id":\s*(\d+)'),
    ("contributor", "/api/v1/uploads?state=available", ELSEWHERE, r'"url":\s*"/assets/(\d+)'),
    ("contributor", "/api/v1/uploads?state=open", ELSEWHERE, r'"id":\s*"(\w+)"'),
    ("librarian", "/api/v1/trash?size=96", ELSEWHERE, r'"id":\s*(\d+)'),
    ("librarian", "/api/v1/collections", ELSEWHERE, r'"id":\s*(\d+)'),
    ("librarian", "/api/v1/collections/1/assets?size=96", ELSEWHERE, r"(\d+),"),
    ("librarian", "/api/v1/bulk-edits/1/items?size=96", ELSEWHERE, r"(\d+),"),
    ("administrator", "/api/v1/jobs?state=dead", ELSEWHERE, r'"id":\s*(\d+)'),
    ("administrator", "/api/v1/organisations?size=96", ELSEWHERE, r'"id":\s*(\d+)'),
    ("administrator", "/api/v1/groups?size=96", ELSEWHERE, r'"id":\s*(\d+)'),
    ("administrator", "/api/v1/people?size=96", ELSEWHERE, r'"id":\s*(\d+)'),
    *(("administrator", path, ELSEWHERE, row) for path, row in statements_reference.PAGES),
]


@contextmanager
def counted(database: Database) -> Iterator[list[str]]:
    """The statements sent while the block runs; how SQLite begins a transaction is not one."""
    sent: list[str] = []

    def note(connection: Any, cursor: Any, statement: str, *rest: Any) -> None:
        if not statement.startswith(("BEGIN", "PRAGMA")):
            sent.append(statement)

    event.listen(database.engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(database.engine, "before_cursor_execute", note)


class Filled:
    """A house with as many of everything as it is told."""

    def __init__(self, house: House, people: make.People) -> None:
        self.house = house
        self.people = people
        with house.database.transaction() as session:
            lay_schema(session)
            partner = make.organisation(session, kind="partner", name="Bergwelt")
            guest = make.person(session, partner, PARTNER, name="Gerda Granted")
            shared = make.collection(session, people.librarian, name="Shared", granted_to=[partner])
            edit = BulkEdit(
                person_id=people.librarian.person_id,
                changes={"tags": {"add": ["x"]}},
                state="done",
                created_at=clock.now(),
            )
            session.add(edit)
            session.flush()
            assert (shared.id, edit.id) == (1, 1)
            self.granted = make.actor(guest, partner)
            self.planner = make.actor(make.person(session, people.own, PLANNER), people.own)
            self.activity = make_plans.running_campaign(session, self.planner)
        self.count = 0

    def up_to(self, count: int) -> None:
        with self.house.database.transaction() as session:
            for number in range(self.count, count):
                self._one_more(session, number)
        self.count = count
        rebuild(self.house.database, self.house.index)

    def actor(self, name: str) -> Actor:
        who: Actor = getattr(self if name in ("granted", "planner") else self.people, name)
        return who

    def _one_more(self, session: Session, number: int) -> None:
        people = self.people
        asset = make.published(
            session, people.agency, people.librarian, tags=["coast"], attributes={"season": "autumn"}
        )
        version = asset.current_version
        assert version is not None
        version.facts = {"same_as": [{"asset_id": asset.id, "version": 1}]}
        make.rendition(session, version, "thumb")
        kept = make.collection(session, people.librarian, asset, name=f"Coast {number}")
        make.collection(session, people.librarian, asset, inside=kept, granted_to=[people.partner])
        shared = session.get_one(Collection, 1)
        shared.items.append(_item(asset.id, number))
        make.asset(session, people.own, deleted_at=clock.now(), deleted_by_id=people.librarian.person_id)
        of = make.organisation(session, kind="agency")
        member = make.person(session, of, FIELD_MARKETER)
        group = Group(name=f"Group {number:03}", created_at=clock.now(), grants=[RoleGrant(role="reviewer")])
        session.add(group)
        session.flush()
        for into in {1, group.id}:
            session.add(GroupMember(group_id=into, person_id=member.id, added_at=clock.now()))
        make.upload(
            session,
            people.contributor,
            content=b"x",
            store=self.house.store,
            state="available",
            asset_id=asset.id,
            version_number=1,
            blob_id=version.blob_id,
        )
        make.upload(
            session, people.contributor, content=b"x", store=self.house.store, state="open", completed_at=None
        )
        moment = clock.now()
        self._ask_and_share(session, asset)
        self._plan_work(session)
        statements_reference.one_more(session, people.librarian, number)
        session.add(Job(kind="search.refresh", arguments={}, state=DEAD, run_at=moment, created_at=moment))
        session.add(
            BulkEdit(
                person_id=people.librarian.person_id,
                changes={"tags": {"add": [f"tag {number}"]}, "collections": {"add": [kept.id]}},
                state="done",
                created_at=moment,
            )
        )
        session.add(
            BulkEditItem(
                bulk_edit_id=1, asset_id=asset.id, before={"tags": []}, after={"tags": ["x"]},
                outcome="changed",
            )
        )  # fmt: skip
        session.flush()

    def _plan_work(self, session: Session) -> None:
        """A campaign more, and in the first one a task for an agency that waits for another one."""
        make_plans.task(session, make_plans.running_campaign(session, self.planner))
        activity = session.get_one(Activity, self.activity.id)
        rosa = self.people.contributor.person_id
        theirs = make_plans.task(session, activity, agency_id=self.people.agency.id, assignee_id=rosa)
        before = make_plans.task(session, activity)
        session.add(TaskPredecessor(task_id=theirs.id, predecessor_id=before.id))
        moment = clock.now()
        form = IntakeForm(name=f"Form {before.id}", makes="task", created_at=moment)
        session.add(form)
        session.flush()
        session.add(
            IntakeRequest(
                form_id=form.id, person_id=self.people.field_marketer.person_id, title="Stickers",
                needed_by=moment, created_at=moment,
            )
        )  # fmt: skip
        session.add(
            MeasuredResult(
                campaign_id=activity.campaign_id, activity_id=activity.id, kpi=f"Visits {before.id}",
                thousandths=1_000, measured_on=moment.date(), entered_by_id=self.planner.person_id,
                entered_at=moment,
            )
        )  # fmt: skip

    def _ask_and_share(self, session: Session, asset: Asset) -> None:
        """The librarian made a link for it, Finn asked for it, was given it, and it was told."""
        finn, lena = self.people.field_marketer.person_id, self.people.librarian.person_id
        moment = clock.now()
        ends = moment + timedelta(days=3)
        items = [
            ShareItem(asset_id=each, position=each) for each in session.scalars(select(Asset.id).limit(3))
        ]
        link = Share(
            token_hash=f"{asset.id:064}", hint="abc", name=f"Link {asset.id}", maker_id=lena,
            forms=["original"], expires_at=ends, created_at=moment, items=items,
        )  # fmt: skip
        asked = {"person_id": finn, "asset_number": asset.id, "purpose": "A flyer", "created_at": moment}
        granted = AccessRequest(**asked, state="granted", answered_at=moment, answered_by_id=lena)
        session.add_all([link, granted, AccessRequest(**asked)])
        session.flush()
        first = session.scalars(select(Share.id).order_by(Share.id)).first()
        session.add_all(
            [
                ShareAccess(share_id=first, at=moment, what="downloaded", asset_id=asset.id, form="original"),
                AssetGrant(
                    asset_id=asset.id, person_id=finn, until=ends.date(), granted_at=moment,
                    granted_by_id=lena, request_id=granted.id,
                ),
            ]
        )  # fmt: skip
        url = f"/assets/{asset.id}"
        tell(session, [lena or 0], "request.asked", "Asked.", "Yours.", url, asset_id=asset.id)


def _item(asset_id: int, position: int) -> CollectionItem:
    return CollectionItem(asset_id=asset_id, position=position, added_at=clock.now())


def test_no_page_asks_more_often_for_more_rows(house: House, people: make.People, visits: Visits) -> None:
    filled = Filled(house, people)
    asked: dict[int, list[list[str]]] = {}
    for count in (FEW, MANY):
        filled.up_to(count)
        asked[count] = []
        for who, path, _, row in PAGES:
            visit = visits.of(filled.actor(who))
            visit.get(path)  # the session says once in a while that it was seen
            with counted(house.database) as sent:
                text = visit.get(path).get_data(as_text=True)
            shown = MOST_LATELY if path == "/uploads" else SHORTEST_PAGE
            assert len(set(re.findall(row, text))) >= min(shown, count), (who, path)
            asked[count].append(list(sent))
    for (who, path, most, _), few, many in zip(PAGES, asked[FEW], asked[MANY], strict=True):
        assert len(many) == len(few), (who, path, "\n\n".join(many))
        assert 0 < len(many) <= most, (who, path, "\n\n".join(many))
