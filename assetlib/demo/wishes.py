"""What the demo's people ask marketing for, by forms, and what they are answered."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from sqlalchemy import select

from assetlib.demo.library import Act, Library
from assetlib.planning.actions.granting import approve_intake
from assetlib.planning.actions.intake import ask_marketing, decline_intake, make_form
from assetlib.planning.models import Activity, IntakeForm, IntakeRequest
from assetlib.planning.rules.intake import Question

STICKERS, PICTURE = "Window stickers and posters", "A picture that we miss"
COUNTRIES = ("Germany", "Austria", "Switzerland", "Norway", "France")
WINDOWS = "Stickers for the Hamburg window"
TENT = "The tent by night, with the lantern on"
BANNER = "Banner for the climbing hall"


def wishes(library: Library) -> Iterator[tuple[int, int, Act]]:
    """Days ago, minutes after the morning, and what is asked or answered then."""
    yield 60, 20, partial(_make_forms, library)
    yield 40, 80, partial(_ask, library, "jonas", STICKERS, WINDOWS, 10, {"q1": "Germany", "q2": "12"})
    yield (
        39,
        60,
        partial(_approve, library, WINDOWS, "Retail windows", "They come with the second print run."),
    )
    yield 12, 200, partial(_ask, library, "lukas", STICKERS, BANNER, 20, {"q1": "Austria", "q2": "1"})
    yield (
        11,
        40,
        partial(_decline, library, BANNER, "The hall is a partner. They order it in their own name."),
    )
    yield 2, 130, partial(_ask, library, "lea", PICTURE, TENT, 30, {"q1": "Story and shop window in May."})
    yield (
        1,
        45,
        partial(
            _ask,
            library,
            "jonas",
            STICKERS,
            "Posters for the opening in Kiel",
            16,
            {"q1": "Germany", "q2": "40"},
        ),
    )


def _make_forms(library: Library) -> None:
    with library.house.database.transaction() as session:
        dario = library.acting(session, "dario")
        make_form(
            session,
            dario,
            name=STICKERS,
            description="For your own windows and events. Allow two weeks for print.",
            makes="deliverable",
            questions=[
                Question("", "Country", "choice", required=True, choices=COUNTRIES),
                Question("", "How many", "number", required=True),
                Question("", "Size, if it matters"),
                Question("", "What it has to say", "long_text"),
            ],
        )
        make_form(
            session,
            dario,
            name=PICTURE,
            description="Where the library has nothing: say what it would be used for.",
            makes="task",
            questions=[
                Question("", "What for", "long_text", required=True),
                Question("", "Like which asset"),
            ],
        )


def _ask(library: Library, who: str, form: str, title: str, days: int, answers: dict[str, str]) -> None:
    with library.house.database.transaction() as session:
        until = datetime.combine(library.today + timedelta(days=days), time(18), ZoneInfo("Europe/Berlin"))
        ask_marketing(
            session,
            library.acting(session, who),
            session.scalars(select(IntakeForm).where(IntakeForm.name == form)).one(),
            title=title,
            needed_by=until,
            answers=answers,
        )


def _approve(library: Library, title: str, activity: str, answer: str) -> None:
    with library.house.database.transaction() as session:
        request = session.scalars(select(IntakeRequest).where(IntakeRequest.title == title)).one()
        at = session.scalars(select(Activity).where(Activity.name == activity)).one()
        approve_intake(session, library.acting(session, "dario"), request, activity=at, answer=answer)


def _decline(library: Library, title: str, reason: str) -> None:
    with library.house.database.transaction() as session:
        request = session.scalars(select(IntakeRequest).where(IntakeRequest.title == title)).one()
        decline_intake(session, library.acting(session, "dario"), request, reason=reason)
