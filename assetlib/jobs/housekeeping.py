"""The jobs' own job."""

from assetlib.jobs.queries import forget_done as forget
from assetlib.jobs.work import Work


def forget_done(work: Work) -> None:
    """Drop jobs that were finished a week ago, or given up three months ago."""
    with work.database.transaction() as session:
        forget(session)
