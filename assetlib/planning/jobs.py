"""What planning does later."""

from assetlib.access.actor import SYSTEM
from assetlib.catalog.queries.actors import actor_of
from assetlib.jobs.work import Work
from assetlib.planning.actions.deliveries import take_delivery
from assetlib.storage.models import Upload


def check_delivery(work: Work, *, upload_id: int) -> None:
    """Check a file that was taken in for an item of a deliverable. Run twice, it changes nothing."""
    with work.database.transaction() as session:
        upload = session.get(Upload, upload_id)
        if upload is not None and upload.delivered_for is not None and upload.asset_id is not None:
            take_delivery(session, SYSTEM, upload, actor_of(session, upload.person_id))
