"""Days that the house keeps otherwise than its country."""

from datetime import date

from assetlib.reference.errors import WrongReference
from assetlib.reference.rules.texts import text_fault
from assetlib.words import say
from assetlib.workdays import FIRST_YEAR, LAST_YEAR, Workdays, countries

LONGEST_DAY_NAME = 100
NOT_KEPT = say("The day was not saved. Look at the marked fields.")


def must_be_a_day(country: str, day: date | None, name: str, *, works: bool, public: Workdays) -> None:
    """Nothing, or `WrongReference` with a sentence per field. `public`: without the house's."""
    faults: dict[str, str] = {}
    if country not in countries():
        faults["country"] = say("Choose a country.")
    if day is None or not FIRST_YEAR <= day.year <= LAST_YEAR:
        first, last = str(FIRST_YEAR), str(LAST_YEAR)
        faults["day"] = say("Choose a day between {first} and {last}.", first=first, last=last)
    if fault := text_fault(name, LONGEST_DAY_NAME, required=True):
        faults["name"] = fault if name.strip() else say("Say what day it is, such as “Summer party”.")
    if day is not None and not faults and public.includes(day) == works:
        faults["day"] = say("That day is worked on anyway.") if works else say("That day is free anyway.")
    if faults:
        raise WrongReference(NOT_KEPT, fields=faults)
