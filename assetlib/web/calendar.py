"""The marketing calendar: what people see of the house, by month, quarter and year."""

from datetime import date

from flask import Blueprint, render_template, request

from assetlib import clock, language
from assetlib.current import actor, database
from assetlib.paging import Page, clamp
from assetlib.planning.permissions.work import SEE_CAMPAIGNS
from assetlib.planning.queries.marketing_calendar import Shown, Wanted, calendar_between
from assetlib.policy import open_to
from assetlib.web import calendar_view as view
from assetlib.web.pages import address, pager_view

pages = Blueprint("calendar", __name__)

CLASHES_AT_THE_TOP = 12
EARLIEST, LATEST = date(1990, 1, 1), date(2099, 12, 31)


@pages.get("/calendar")
@open_to(SEE_CAMPAIGNS)
def index() -> str:
    """Three statements of its own, however much there is."""
    today = clock.now().astimezone(language.zone()).date()
    span = asked_span(today)
    wanted = asked_filters()
    with database().reading() as session:
        shown = calendar_between(session, actor(), span.first, span.last, wanted)
    clashes = view.clash_views(shown)
    return render_template(
        "calendar/index.html",
        span=span,
        views=[
            (label, address(view=key, page=None), key == span.view, "") for key, label in view.VIEWS.items()
        ],
        earlier=address(on=span.before.isoformat(), page=None),
        later=address(on=span.after.isoformat(), page=None),
        now=None if span.first <= today <= span.last else address(on=None, page=None),
        wanted=wanted,
        filtered=wanted != Wanted(),
        regions=[(key, "\u2003" * depth + label) for key, label, depth in shown.choices.regions],
        brands=shown.choices.brands,
        channels=[(each, each) for each in dict.fromkeys([*shown.channels, *filter(None, [wanted.channel])])],
        everything=f"/calendar?view={span.view}&on={span.first.isoformat()}",
        exports=[
            (form.upper(), f"/exports/calendar{address(format=form, page=None)[len(request.path) :]}")
            for form in ("csv", "xlsx")
        ],
        clashes=clashes[:CLASHES_AT_THE_TOP],
        clash_count=len(clashes),
        is_empty=not shown.entries,
        **_drawn(span, shown, today),
    )


def asked_span(today: date) -> view.Span:
    """The days that the address asks for; this month where it says nothing that can be read."""
    kind = request.args.get("view", "month")
    try:
        day = min(max(date.fromisoformat(request.args.get("on", "")), EARLIEST), LATEST)
    except ValueError:
        day = today
    return view.span_of(kind if kind in view.VIEWS else "month", day)


def asked_filters() -> Wanted:
    args = request.args
    return Wanted(
        region=args.get("region", ""),
        channel=args.get("channel", ""),
        brand=args.get("brand", ""),
        clashes_only=args.get("clashes") == "1",
    )


def _drawn(span: view.Span, shown: Shown, today: date) -> dict[str, object]:
    if span.view in ("month", "list"):
        return {
            "weekdays": view.weekdays(),
            "weeks": view.weeks_of(span, shown, today) if span.view == "month" else [],
            "days": view.days_of(span, shown),
            "list_url": address(view="list"),
        }
    number, size = clamp(request.args.get("page", type=int), None)
    campaigns = view.campaigns_of(shown)
    here = campaigns[(number - 1) * size : number * size]
    page = Page([view.bars_of(span, each, shown) for each in here], number, size, len(campaigns))
    return {
        "campaigns": page.rows,
        "pager": pager_view(page) if page.total > size else None,
        "marks": view.marks_of(span, today),
    }
