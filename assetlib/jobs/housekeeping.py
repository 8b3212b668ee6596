"""The jobs' own job."""

from assetlib.jobs.queries import forget_done as forget
from assetlib.jobs.work import Work


def forget_done(work: Work) -> None:
    """Drop finished jobs after a week."""
    with work.database.transaction() as session:
        forget(session)
