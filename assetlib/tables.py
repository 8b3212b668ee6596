"""Every table of the house, so that the metadata is whole wherever this module is imported."""

from assetlib.accounts import models as accounts
from assetlib.audit import models as audit
from assetlib.catalog import models as catalog
from assetlib.database import Base
from assetlib.jobs import models as jobs
from assetlib.notify import models as notify
from assetlib.planning import models as planning
from assetlib.reference import models as reference
from assetlib.storage import models as storage

METADATA = Base.metadata

__all__ = ["METADATA", "accounts", "audit", "catalog", "jobs", "notify", "planning", "reference", "storage"]
