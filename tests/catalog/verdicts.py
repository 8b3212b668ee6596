"""What somebody names who gives a verdict about a version as it stands now."""

from assetlib.catalog.models import Version
from assetlib.catalog.queries.verdicts import standing_of


def as_seen(version: Version) -> dict[str, str]:
    return {"sha256": version.sha256, "seen": str(standing_of(version.asset, version))}
