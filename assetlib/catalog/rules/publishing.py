"""What an asset needs before others may see it."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from assetlib.catalog.errors import NotReadyToPublish
from assetlib.words import say, together

LONGEST_EMBARGO = timedelta(days=50 * 365)


class Demand(NamedTuple):
    """An attribute that must be filled. `types` are keys of asset types; empty means all."""

    key: str
    label: str
    types: Sequence[str]


def is_filled(value: Any) -> bool:
    """Whether a value says something. `False` and 0 do."""
    if isinstance(value, str):
        return bool(value.strip())
    return value is not None and value not in ([], {})


def missing_before_publishing(
    *,
    is_approved: bool,
    has_right: bool,
    type_key: str,
    attributes: Mapping[str, Any],
    demands: Iterable[Demand],
) -> list[str]:
    """A sentence for each thing that is missing; empty when the asset is ready."""
    missing = []
    if not is_approved:
        missing.append(say("The version in force is not approved. Approve it."))
    if not has_right:
        missing.append(say("No rights are recorded. Record them."))
    missing += [
        say("{label} is empty. Fill it in.", label=demand.label)
        for demand in demands
        if (not demand.types or type_key in demand.types) and not is_filled(attributes.get(demand.key))
    ]
    return missing


def embargo_fault(moment: datetime | None, now: datetime) -> str | None:
    """Why something cannot open at this moment; nothing when it can, or opens at once."""
    if moment is None:
        return None
    if moment.utcoffset() is None:
        return say("Say the time zone too, such as 2027-03-31T09:00+02:00.")
    if moment <= now:
        return say("This moment is over. Choose a later one, or none to open it at once.")
    if moment > now + LONGEST_EMBARGO:
        return say("This is too far away. Choose a moment within the next fifty years.")
    return None


def must_be_ready(missing: Sequence[str]) -> None:
    if missing:
        raise NotReadyToPublish(
            together(say("Something is missing before this can be published."), *missing),
            missing=list(missing),
        )
