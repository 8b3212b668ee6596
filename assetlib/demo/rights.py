"""What the demo's files may be used for: one of each kind that a library has to tell apart."""

from collections.abc import Callable
from datetime import date, timedelta

from assetlib.catalog.rules.rights_forms import RightForm

_DACH = ("DE", "AT", "CH")
_EUROPE = ("DE", "AT", "CH", "FR", "NO", "SE", "DK", "FI")
_OWN = "Northwind Outdoors"


def _until(days: int, *, since: int = 300, **said: object) -> Callable[[date], RightForm]:
    """A right that ends that many days from today and began `since` days ago; negative lies in the past."""
    return lambda today: RightForm(
        starts_on=today - timedelta(days=since),
        ends_on=today + timedelta(days=days),
        **said,  # type: ignore[arg-type]  # the fields of the form, by name
    )


RIGHTS: dict[str, Callable[[date], RightForm]] = {
    "own": lambda today: RightForm(  # noqa: ARG005
        holder=_OWN, licence="Buyout, all media", credit_line="Northwind Outdoors"
    ),
    "licensed": _until(
        410, holder="Ines Kvale", licence="Editorial and advertising", credit_line="Ines Kvale / Northwind",
        territories=_EUROPE,
    ),
    "nine_days": _until(
        9, holder="Tomas Aurell", licence="Twelve months", credit_line="Tomas Aurell / Northwind",
        territories=_EUROPE, channels=("Print", "Web and social", "Retail"),
    ),
    "ask": lambda today: RightForm(
        holder="Landowner Hvalsund", licence="Single uses", credit_line="Aino Rautio / Northwind",
        starts_on=today - timedelta(days=200), ask_first=True,
        terms="Each use is agreed with the landowner. Send motif, medium and dates to Mira Koch first.",
    ),
    "ended": _until(
        -20, holder="Land office Mesa Roja", licence="One season", credit_line="Lucien Marchetti / Northwind",
    ),
    "not_yet": lambda today: RightForm(
        holder=_OWN, licence="Buyout, all media", starts_on=today + timedelta(days=21),
        ends_on=today + timedelta(days=170), terms="Nothing before the day of the launch.",
    ),
    "web_only": _until(
        240, holder="Halden & Frey", licence="Web buyout", credit_line="Halden & Frey",
        channels=("Web and social",),
    ),
    "print_dach": _until(
        300, holder=_OWN, licence="Catalogue", territories=_DACH, channels=("Print", "Retail"),
    ),
    "kv": _until(
        127, since=84, holder="Halden & Frey", licence="Campaign buyout",
        credit_line="Ines Kvale / Halden & Frey",
        territories=_DACH, channels=("Print", "Web and social", "Retail"),
        terms="Not for television and cinema.",
    ),
    "radio": _until(
        60, holder="Tonhof Innsbruck", licence="Radio, regional", channels=("Radio",),
        territories=("DE", "AT", "NO"),
    ),
}  # fmt: skip
