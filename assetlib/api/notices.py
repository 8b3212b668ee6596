"""What the caller was told, and what they want by mail."""

from datetime import datetime

from apiflask import APIBlueprint
from pydantic import Field

from assetlib.api.shapes import Query, Shape, Text
from assetlib.catalog.queries.readers import still_open
from assetlib.current import actor, database
from assetlib.notify.actions import choose_notices, mark_all_read, mark_read
from assetlib.notify.choices import modes_of, times_of
from assetlib.notify.kinds import kinds_for
from assetlib.notify.permissions import CHANGE_NOTICES, SEE_NOTICES
from assetlib.notify.queries import count_unread, get_notice, notices_of
from assetlib.notify.times import Times
from assetlib.policy import open_to

api = APIBlueprint("api_notices", __name__, tag="Notices")


class NoticesQuery(Query):
    unread: bool = Field(default=False, description="only those that were not read")


class NoticeOut(Shape):
    id: int
    kind: str = Field(description="such as version.sent")
    sentence: str
    reason: str = Field(description="why you are told")
    url: str = Field(description="where to go on; empty when that is not open to you now")
    at: datetime
    is_read: bool


class NoticesOut(Shape):
    unread: int = Field(description="how many are not read, on all pages")
    total: int
    page: int
    size: int
    notices: list[NoticeOut]


class UnreadOut(Shape):
    unread: int


class ChoicesIn(Shape):
    """Kinds that are not named stay as they are; the times are set as a whole."""

    modes: dict[str, Text] = Field(description="kind → at_once, daily, weekly or off", max_length=100)
    quiet_from: int | None = Field(None, description="minute of your day; null: no quiet hours")
    quiet_to: int | None = None
    digest_hour: int = Field(8, description="hour of your day")
    digest_weekday: int = Field(0, description="0 is Monday")


class KindOut(Shape):
    kind: str
    label: str
    audience: str = Field(description="who is told")
    mode: str


class ChoicesOut(Shape):
    kinds: list[KindOut]
    quiet_from: int | None
    quiet_to: int | None
    digest_hour: int
    digest_weekday: int


@api.get("/notices")
@api.input(NoticesQuery, location="query")
@api.output(NoticesOut)
@open_to(SEE_NOTICES)
def index(query_data: NoticesQuery) -> NoticesOut:
    """What you were told: unread first, then the newest."""
    with database().reading() as session:
        page = notices_of(
            session, actor(), still_open, number=query_data.page, size=query_data.size,
            unread_only=query_data.unread,
        )  # fmt: skip
        unread = count_unread(session, actor())
    return NoticesOut(
        unread=unread,
        total=page.total,
        page=page.number,
        size=page.size,
        notices=[
            NoticeOut(
                id=each.id,
                kind=each.kind,
                sentence=each.sentence,
                reason=each.reason,
                url=each.url,
                at=each.at,
                is_read=each.is_read,
            )
            for each in page.rows
        ],
    )


@api.post("/notices/<int:notice_id>/read")
@api.output(UnreadOut)
@open_to(CHANGE_NOTICES)
def read(notice_id: int) -> UnreadOut:
    """Say that you have read one."""
    with database().transaction() as session:
        mark_read(session, actor(), get_notice(session, actor(), notice_id))
        return UnreadOut(unread=count_unread(session, actor()))


@api.post("/notices/read")
@api.output(UnreadOut)
@open_to(CHANGE_NOTICES)
def read_all() -> UnreadOut:
    """Say that you have read all."""
    with database().transaction() as session:
        mark_all_read(session, actor())
        return UnreadOut(unread=count_unread(session, actor()))


@api.get("/me/notices/choices")
@api.output(ChoicesOut)
@open_to(SEE_NOTICES)
def choices() -> ChoicesOut:
    """How you are mailed of what, and when."""
    with database().reading() as session:
        modes, times = modes_of(session, actor().person_id or 0), times_of(session, actor().person_id or 0)
    return _out(dict(modes), times)


@api.put("/me/notices/choices")
@api.input(ChoicesIn)
@api.output(ChoicesOut)
@open_to(CHANGE_NOTICES)
def choose(json_data: ChoicesIn) -> ChoicesOut:
    """Choose how you are mailed of what, and when. What waits is looked at anew."""
    times = Times(json_data.quiet_from, json_data.quiet_to, json_data.digest_hour, json_data.digest_weekday)
    with database().transaction() as session:
        choose_notices(session, actor(), json_data.modes, times)
        modes = modes_of(session, actor().person_id or 0)
    return _out(dict(modes), times)


def _out(modes: dict[str, str], times: Times) -> ChoicesOut:
    return ChoicesOut(
        kinds=[
            KindOut(kind=each.key, label=each.label, audience=each.audience, mode=modes[each.key])
            for each in kinds_for(actor())
        ],
        quiet_from=times.quiet_from,
        quiet_to=times.quiet_to,
        digest_hour=times.digest_hour,
        digest_weekday=times.digest_weekday,
    )
