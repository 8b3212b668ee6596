"""In which language and by which clock somebody reads."""

from assetlib.accounts.errors import WrongPerson
from assetlib.calendar import is_zone
from assetlib.words import LANGUAGES, say


def must_be_readable(*, language: str | None, time_zone: str | None) -> None:
    """Nothing, or `WrongPerson` with a sentence per field. None stands for what the browser says."""
    faults: dict[str, str] = {}
    if language is not None and language not in LANGUAGES:
        faults["language"] = say("Choose one of these: {languages}.", languages=list(LANGUAGES))
    if time_zone is not None and not is_zone(time_zone):
        faults["time_zone"] = say("Choose a time zone from the list, such as Europe/Berlin.")
    if faults:
        raise WrongPerson(say("This language or time zone is not known here."), fields=faults)
