"""One thing of each sort, belonging to one agency, and somebody of every sort to come across it."""

import json
import struct
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from assetlib import clock
from assetlib.access.actor import (
    AGENCY_CONTRIBUTOR,
    FIELD_MARKETER,
    FINANCE,
    PARTNER,
    PLANNER,
    REVIEWER,
    TOKEN_SCOPES,
    Actor,
)
from assetlib.accounts.actions.tokens import make_token
from assetlib.accounts.models import (
    ApiToken,
    DutyGrant,
    Group,
    GroupMember,
    Organisation,
    Person,
    PersonSession,
)
from assetlib.catalog.actions.shares import Terms, make_share
from assetlib.catalog.link_sessions import open_share
from assetlib.catalog.models import AccessRequest, Asset, BulkEdit, Package, Share
from assetlib.catalog.queries.actors import actor_of
from assetlib.catalog.schema import lay_schema
from assetlib.house import House
from assetlib.jobs.models import DEAD, Job
from assetlib.media.zoom import MAGIC, MEDIA_TYPE
from assetlib.notify.models import Notice, OutgoingMail
from assetlib.planning.models import CalendarFeed
from assetlib.search.checking import rebuild
from assetlib.storage.uploads.protocol import UploadDesk
from assetlib.storage.uploads.rules import Announced
from tests import make
from tests.delivery import world_orders
from tests.delivery.access_reference import BODIES as REFERENCE_BODIES
from tests.delivery.access_reference import lay_reference
from tests.delivery.plan_world import PLAN_BODIES, lay_plans
from tests.delivery.planned_work import WORK_BODIES, lay_work
from tests.delivery.wishes import WISH_BODIES, lay_wishes

ACTORS = "ALEMRFHNCDOPGX"
PART = b"a part of a file"


@dataclass
class World:
    actors: dict[str, Actor]
    token: str
    """Of a program that the librarian gave every scope."""
    guest: dict[str, str]
    """The cookie of a browser of nobody's, in which the field marketer's link is open."""
    ids: dict[str, dict[str, Any]] = field(default_factory=dict)
    """Thing → values for the converters of a route."""

    def values_for(self, rule: Rule, thing: str) -> dict[str, Any]:
        known = {**self.ids["any"], **self.ids.get(thing, {})}
        return {name: known[name] for name in rule.arguments}

    def body_for(self, endpoint: str, thing: str) -> dict[str, Any]:
        """What a call says: enough to get as far as the permission of the thing it is about."""
        values = {**self.ids["any"], **self.ids.get(thing, {})}
        body = {**BODIES, **world_orders.BODIES}.get(endpoint, {})
        return {key: each(values) if callable(each) else each for key, each in body.items()}


def _asset(values: dict[str, Any]) -> int:
    asset_id: int = values["asset_id"]
    return asset_id


VERDICT = {"version": 1, "sha256": "0" * 64, "seen": "draft.1.0", "note": "x"}
COLLECTION = {"name": "x"}
NEXT_WEEK = (clock.now() + timedelta(days=7)).isoformat()
BODIES: dict[str, dict[str, Any]] = {
    **PLAN_BODIES,
    "assets.approve": {"data": {"v": 1, "sha256": "0" * 64}},
    "assets.give_back": {"data": {"v": 1, "sha256": "0" * 64, "reason": "x"}},
    "assets.withdraw": {"data": {"reason": "x"}},
    "api_trash.restore": {"json": lambda v: {"assets": [3]}},
    "account.password": {"data": {"old": "x", "password": "four words in a row"}},
    "api_me.confirm": {"json": {"password": "x"}},
    "api_people.change_own_password": {"json": {"old": "x", "password": "four words in a row"}},
    "assets.drop_rights": {"data": {"revision": 1}},
    "assets.describe": {"data": {"revision": 1, "title": "x"}},
    "assets.attributes": {"data": {"revision": 1, "attr.job_number": "x"}},
    "files.pack": {"data": lambda v: {"asset": _asset(v), "preset": "original"}},
    "feeds.make": {"data": {"name": "x"}},
    "collections.make": {"data": {"name": "x"}},
    "collections.collect": {"data": {"new_name": "x"}},
    "collections.describe": {"data": {"revision": 1, "name": "x", "audience": "organisation"}},
    "collections.grant": {"data": lambda v: {"organisation": v["organisation_id"]}},
    "collections.add": {"data": {"asset": 1}},
    "notices.choose": {"data": {"digest_hour": "8", "digest_weekday": "0"}},
    "api_notices.choose": {"json": {"modes": {}}},
    "people.invite": {
        "data": lambda v: {"name": "x", "email": "x@y.example", "organisation_id": v["organisation_id"]}
    },
    "person.grant_duty": {"data": {"duty": "po_approver"}},
    "person.set_roles": {"data": {"roles": "agency_contributor"}},
    "groups.add_members": {"data": lambda v: {"person": v["person_id"]}},
    "api_organisations.add": {"json": {"name": "x", "kind": "agency"}},
    "api_organisations.rename": {"json": {"name": "x"}},
    "api_organisations.reopen": {"json": {}},
    "api_organisations.close": {"json": {}},
    "api_groups.add": {"json": {"name": "x"}},
    "api_groups.describe": {"json": {"revision": 1, "name": "x"}},
    "api_groups.set_roles": {"json": {"roles": ["reviewer"]}},
    "api_groups.add_members": {"json": lambda v: {"people": [v["person_id"]]}},
    "api_people.invite_many": {"json": {"csv": "name,email,roles\nx,x@y.example,reviewer"}},
    "api_people.change": {"json": {"name": "x"}},
    "api_people.set_groups": {"json": {"groups": []}},
    "api_people.grant_duty": {"json": {"duty": "po_approver"}},
    "api_people.reopen": {"json": {}},
    "api_people.close": {"json": {}},
    "api_people.erase": {"json": {"typed": "x"}},
    "api_people.add_person": {
        "json": lambda v: {
            "name": "x",
            "email": "x@y.example",
            "organisation_id": v["organisation_id"],
            "roles": ["reviewer"],
            "password": "four words in a row",
        }
    },
    "api_people.set_roles": {"json": {"roles": ["agency_contributor"]}},
    "api_packages.make": {"json": lambda v: {"assets": [_asset(v)]}},
    "api_library.suggest": {"query": {"q": "x"}},
    "api_assets.describe": {"json": {"revision": 1, "title": "x"}},
    "api_assets.put_right": {"json": {"revision": 1, "holder": "x"}},
    "api_assets.drop_right": {"query": {"revision": 1}},
    "api_assets.approve": {"json": VERDICT},
    "api_assets.give_back": {"json": VERDICT},
    "api_assets.publish": {"json": {}},
    "api_assets.put_embargo": {"json": {"revision": 1, "embargo_until": None}},
    "api_assets.withdraw": {"json": {"reason": "x"}},
    "api_assets.archive": {"json": {}},
    "api_attributes.add": {"json": {"key": "x", "label": "x", "kind": "text"}},
    "api_attributes.change": {"json": {"revision": 1, "label": "x"}},
    "api_attributes.add_choice": {"json": {"label": "x"}},
    "api_attributes.change_choice": {"json": {"label": "x"}},
    "api_attributes.set_values": {"json": {"revision": 1, "values": {"job_number": "x"}}},
    "api_bulk_edits.preview": {"json": lambda v: {"assets": [1], "changes": {"tags": {"add": ["x"]}}}},
    "api_collections.make": {"json": COLLECTION},
    "api_collections.change": {"json": {**COLLECTION, "revision": 1, "audience": "organisation"}},
    "api_collections.add": {"json": {"assets": [1]}},
    "api_collections.remove": {"json": {"assets": [1]}},
    "api_collections.order": {"json": {"assets": [1]}},
    "requests.new": {"query": {"asset": "1"}},
    "requests.ask": {"data": {"asset": 9, "purpose": "x", "until": NEXT_WEEK[:10]}},
    "requests.grant": {"data": {"until": NEXT_WEEK[:10]}},
    "requests.refuse": {"data": {"answer": "x"}},
    "api_requests.ask": {"json": {"asset": 9, "purpose": "x", "until": NEXT_WEEK[:10]}},
    "api_requests.grant": {"json": {"until": NEXT_WEEK[:10]}},
    "api_requests.refuse": {"json": {"reason": "x"}},
    "shares.new": {"data": lambda v: {"asset": _asset(v)}, "query": {}},
    "shares.make": {"data": lambda v: {"asset": _asset(v), "name": "x", "expires_on": NEXT_WEEK[:10]}},
    "shares.change": {"data": {"revision": 1, "name": "x", "expires_on": NEXT_WEEK[:10]}},
    "shares.password": {"data": {"revision": 1, "drop": "1"}},
    "api_shares.make": {"json": lambda v: {"assets": [_asset(v)], "name": "x"}},
    "api_shares.change": {"json": {"revision": 1, "name": "x"}},
    "api_shares.password": {"json": {"revision": 1, "password": None}},
    "api_uploads.begin": {"json": {"name": "x.jpg", "size": 3, "mtime": 1, "fingerprint": "x"}},
    "api_uploads.put_part": {"data": PART, "headers": {"Content-Type": "application/octet-stream"}},
    "api_uploads.sign_parts": {"json": {"parts": [{"n": 1, "size": len(PART)}]}},
    **REFERENCE_BODIES,
    **WORK_BODIES,
    **WISH_BODIES,
}


def make_world(house: House, *, with_plans: bool = True) -> World:
    """The things, kept for good; the cases that follow change nothing."""
    with house.database.transaction() as session:
        lay_schema(session)
        people = make.people(session)
        granted_partner = make.organisation(session, kind="partner", name="Bergwelt")
        guest = make.person(session, granted_partner, PARTNER, name="Gerda Granted")
        draft = make.asset(session, people.agency, title="A draft")
        published = make.published(session, people.agency, people.librarian, title="A published one")
        trashed = make.asset(session, people.agency, title="In the trash", deleted_at=clock.now())
        shared = make.collection(session, people.librarian, published, granted_to=[granted_partner])
        private = make.collection(session, people.field_marketer, audience="private")
        pyramid = _pyramid()
        for each in (draft, published, trashed):
            version = each.current_version
            assert version is not None
            make.rendition(
                session, version, "thumb", content=b"thumb of " + each.title.encode(), store=house.store
            )
            make.rendition(
                session,
                version,
                "zoom",
                content=pyramid + each.title.encode(),
                store=house.store,
                media_type=MEDIA_TYPE,
            )
            blob = make.blob(
                session, people.agency, content=b"bytes of " + each.title.encode(), store=house.store
            )
            version.blob_id = blob.id
        package = Package(
            public_id="f" * 32,
            person_id=people.field_marketer.person_id,
            form="original",
            asset_ids=[published.id],
            created_at=clock.now(),
        )
        edit = BulkEdit(
            person_id=people.librarian.person_id, changes={"tags": {"add": ["x"]}}, created_at=clock.now()
        )
        job = Job(kind="search.refresh", arguments={}, state=DEAD, run_at=clock.now(), created_at=clock.now())
        attribute = make.attribute(session, "season", "choice", choices=["autumn"])
        group = Group(name="Autumn", created_at=clock.now())
        member = GroupMember(group=group, person_id=people.other_contributor.person_id, added_at=clock.now())
        duty = DutyGrant(
            person_id=people.other_contributor.person_id, duty="po_approver", granted_at=clock.now()
        )
        session.add_all([group, member, duty])
        notice = Notice(
            person_id=people.contributor.person_id, kind="version.approved", sentence="It was approved.",
            reason="", url=f"/assets/{published.id}", at=clock.now(),
        )  # fmt: skip
        mail = OutgoingMail(
            message_id="<x@assetlib.mail>", recipient="x@company.example", subject="It was approved.",
            created_at=clock.now(),
        )  # fmt: skip
        asked = AccessRequest(
            person_id=people.field_marketer.person_id, asset_number=published.id, purpose="x",
            created_at=clock.now(),
        )  # fmt: skip
        session.add(asked)
        token, browser = _ways_in(people.field_marketer.person_id or 0)
        session.add_all([token, browser, package, edit, job, notice, mail])
        session.flush()
        opened = actor_of(session, guest.id).collections

        def one(of: Organisation, role: str) -> Actor:
            return make.actor(make.person(session, of, role), of)

        actors = {
            "A": people.administrator,
            "L": people.librarian,
            "F": people.field_marketer,
            "C": people.contributor,
            "O": people.other_contributor,
            "P": people.partner_marketer,
            "G": make.actor(guest, granted_partner, collections=opened),
            "N": people.without_role,
            "E": one(people.own, PLANNER),
            "M": one(people.own, FINANCE),
            "R": one(people.own, REVIEWER),
            "H": one(people.own, FIELD_MARKETER),
            "D": one(people.agency, AGENCY_CONTRIBUTOR),
        }
        librarian = session.get_one(Person, people.librarian.person_id)
        until = clock.today() + timedelta(days=1)
        _, program = make_token(
            session, people.librarian, librarian, name="Shop", scopes=TOKEN_SCOPES, until=until
        )
        link, link_token = make_link(session, people.field_marketer, published)
        _, opened_here = open_share(session, link_token, password_hash=None)
        other, other_token = make_link(session, people.librarian, published)
        world = World(actors, program, {f"assetlib-share-{link.id}": opened_here})
        for name, asset in (("draft", draft), ("published", published), ("trashed", trashed)):
            world.ids[name] = {"asset_id": asset.id, "version_id": asset.current_version_id}
        world.ids["shared"] = {"collection_id": shared.id}
        world.ids["private"] = {"collection_id": private.id}
        world.ids["request"] = {"request_id": asked.id}
        feed = CalendarFeed(
            person_id=people.field_marketer.person_id, name="x", token_hash="f" * 64, created_at=clock.now()
        )
        session.add(feed)
        session.flush()
        world.ids["notice"] = {"notice_id": notice.id}
        world.ids["package"] = {"public_id": package.public_id}
        packed = Package(
            public_id="e" * 32, person_id=link.maker_id, share_id=link.id, form="original",
            asset_ids=[published.id], created_at=clock.now(),
        )  # fmt: skip
        session.add(packed)
        world.ids["other_link"] = {
            "share_id": other.id,
            "token": other_token,
            "asset_id": published.id,
            "version_id": published.current_version_id,
            "public_id": packed.public_id,
        }
        world.ids["link"] = {
            "share_id": link.id,
            "token": link_token,
            "asset_id": published.id,
            "version_id": published.current_version_id,
            "public_id": packed.public_id,
        }
        world.ids["any"] = {
            "recipe": "thumb",
            "token": "x",
            "token_id": token.id,
            "feed_id": feed.id,
            "session_id": browser.id,
            "level": 0,
            "column": 0,
            "row": 0,
            "number": 1,
            "key": attribute.key,
            "choice_key": "autumn",
            "organisation_id": people.other_agency.id,
            "person_id": people.other_contributor.person_id,
            "group_id": group.id,
            "duty_id": duty.id,
            "bulk_edit_id": edit.id,
            "job_id": job.id,
            "mail_id": mail.id,
        }
        reference = lay_reference(session, actors["M"])
        world.ids["any"] |= reference.pop("any")
        world.ids |= reference
        work = lay_work(session, people, actors["E"], world.ids["any"]["calendar_id"])
        world.ids |= lay_plans(session, actors["E"], actors["M"]) if with_plans else {}
        world.ids["any"] |= work.pop("any")
        world.ids |= work
        # Whoever wrote the briefs has no letter in the matrix, so that E may approve them.
        world.actors["K"] = one(people.own, PLANNER)
        world.ids |= world_orders.lay_orders(session, people, world.actors["K"], world.ids["task"]["task_id"])
        world.ids["any"] |= world.ids["any_order"]
        wishes = lay_wishes(session, actors["F"])
        world.ids["any"] |= wishes.pop("any")
        world.ids |= wishes
    desk = UploadDesk(house.database, house.store, 10**9)
    for name in ("upload", "upload_part", "upload_complete", "upload_cancel", "upload_leave"):
        announced = Announced(name=f"{name}.jpg", size=len(PART), mtime=1, fingerprint=name)
        progress, _ = desk.begin(people.contributor, announced)
        world.ids[name] = {"public_id": progress.upload.public_id}
    rebuild(house.database, house.index)
    return world


def make_link(session: Session, maker: Actor, asset: Asset) -> tuple[Share, str]:
    """A link of this person's to a published asset, and the token that opens it."""
    ends = clock.now() + timedelta(days=30)
    terms = Terms("Press kit", "For your November issue.", ["original"], ends, 100)
    return make_share(session, maker, terms, asset_ids=[asset.id], longest_days=365)


def _ways_in(person_id: int) -> tuple[ApiToken, PersonSession]:
    """A token and a browser of this person."""
    moment = clock.now()
    token = ApiToken(
        person_id=person_id, name="x", token_hash="t" * 64, hint="alt_x", scopes=["read"], created_at=moment
    )
    browser = PersonSession(person_id=person_id, token_hash="b" * 64, created_at=moment, seen_at=moment)
    return token, browser


def _pyramid() -> bytes:
    """A zoom file with one tile."""
    tile = b"\xff\xd8tile\xff\xd9"
    start = len(MAGIC) + 16
    index = json.dumps(
        {
            "tile_size": 256,
            "overlap": 0,
            "width": 5000,
            "height": 4000,
            "media_type": "image/jpeg",
            "levels": [
                {"width": 1, "height": 1, "columns": 1, "rows": 1, "offsets": [start, start + len(tile)]}
            ],
        }
    ).encode()
    return MAGIC + struct.pack(">QQ", start + len(tile), len(index)) + tile + index
