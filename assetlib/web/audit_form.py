"""What somebody asks of the audit log, read from the address."""

import re
from datetime import date, datetime, time, timedelta
from typing import Any

from flask import request
from sqlalchemy.orm import Session

from assetlib import language
from assetlib.audit.queries import Wanted
from assetlib.dashboards.audit_names import KINDS, people_named
from assetlib.database import LARGEST_ID
from assetlib.web.forms import row_number
from assetlib.words import say

LONGEST = 200
FIELDS = (
    "who", "person", "organisation", "action", "thing", "from", "to", "refused", "q", "token",
    "share", "request",
)  # fmt: skip
_REF = re.compile(r"(?:AST-?)0*(\d{1,10})", re.IGNORECASE)
_KIND_AND_NUMBER = re.compile(r"([A-Za-z_ ]{2,64}?)\s+#?([\w.-]{1,64})")


class Asked:
    """The form as it was filled in, what it means, and what of it cannot be understood."""

    def __init__(self, session: Session) -> None:
        self.values = {name: request.args.get(name, "").strip()[:LONGEST] for name in FIELDS}
        self.faults: dict[str, str] = {}
        kind, number = self._thing()
        self.wanted = Wanted(
            person_ids=self._people(session),
            organisation_id=self._number("organisation"),
            actions=frozenset({self.values["action"]} - {""}),
            object_kind=kind,
            object_id=number,
            since=self._day("from"),
            until=self._day("to", days=1),
            refusals=bool(self.values["refused"]),
            text=self.values["q"],
            token_id=self._number("token"),
            share_id=self._number("share"),
            request_id=self.values["request"],
        )

    @property
    def count(self) -> int:
        """How many filters are set, the tab of refusals aside."""
        return sum(1 for name, value in self.values.items() if value and name != "refused")

    def _people(self, session: Session) -> frozenset[int] | None:
        person = self._number("person")
        if person is not None:
            return frozenset({person})
        return people_named(session, self.values["who"]) if self.values["who"] else None

    def _number(self, name: str) -> int | None:
        value = self.values[name]
        if not value:
            return None
        try:
            return row_number(value)
        except ValueError:
            self.faults[name] = say("This is no number.")
            return None

    def _day(self, name: str, *, days: int = 0) -> datetime | None:
        """The moment at which a day begins by the reader's clock, or the one after it."""
        value = self.values[name]
        if not value:
            return None
        try:
            day = date.fromisoformat(value) + timedelta(days=days)
        except (ValueError, OverflowError):
            self.faults[name] = say("This is no day. Write it as 2026-11-30.")
            return None
        return datetime.combine(day, time.min, language.zone())

    def _thing(self) -> tuple[str, str]:
        value = self.values["thing"]
        if not value:
            return "", ""
        if found := _REF.fullmatch(value):
            number = int(found[1])
            return ("asset", str(number)) if number <= LARGEST_ID else ("asset", "0")
        if found := _KIND_AND_NUMBER.fullmatch(value):
            kind = found[1].strip().lower().replace(" ", "_")
            if kind in KINDS:
                return kind, found[2]
        self.faults["thing"] = say(
            "Write it as AST-00042, or as a word and a number: person 7, collection 3."
        )
        return "", ""

    def as_query(self, **more: Any) -> dict[str, str]:
        """The same for another address."""
        kept = {name: value for name, value in self.values.items() if value}
        return kept | {name: str(value) for name, value in more.items() if value is not None}
