"""What waits, runs and failed, for administrators."""

from datetime import datetime

from apiflask import APIBlueprint
from pydantic import Field

from assetlib.api.shapes import JobOut, Query, Shape
from assetlib.catalog.queries.damage import damaged_files
from assetlib.current import actor, database
from assetlib.jobs.actions import start_again
from assetlib.jobs.models import Job
from assetlib.jobs.permissions import REPEAT_JOB, SEE_JOBS
from assetlib.jobs.queries import counts, get_job, jobs_in
from assetlib.policy import open_to
from assetlib.words import recalled

api = APIBlueprint("api_jobs", __name__, tag="Jobs")


class JobsQuery(Query):
    state: str = Field("queued", pattern="^(queued|running|done|dead)$")


class DamagedFileOut(Shape):
    """A file that nobody is given until its bytes are back."""

    asset_id: int
    version: int
    form: str = Field(description="`original`, or the recipe of a rendition")
    sha256: str
    since: datetime


class JobsOut(Shape):
    counts: dict[str, int]
    total: int
    jobs: list[JobOut]
    damaged: list[DamagedFileOut] = Field(description="what the store lost or changed, 200 at most")


@api.get("/jobs")
@api.input(JobsQuery, location="query")
@api.output(JobsOut)
@open_to(SEE_JOBS)
def index(query_data: JobsQuery) -> JobsOut:
    """Jobs in one state, the newest first."""
    with database().reading() as session:
        page = jobs_in(session, query_data.state, number=query_data.page, size=query_data.size)
        damaged = [
            DamagedFileOut(
                asset_id=each.asset_id,
                version=each.version,
                form=each.form,
                sha256=each.sha256,
                since=each.since,
            )
            for each in damaged_files(session)
        ]
        return JobsOut(
            counts=counts(session),
            total=page.total,
            jobs=[job_out(each) for each in page.rows],
            damaged=damaged,
        )


@api.post("/jobs/<int:job_id>/again")
@api.output(JobOut)
@open_to(REPEAT_JOB)
def again(job_id: int) -> JobOut:
    """Let a job start anew."""
    with database().transaction() as session:
        job = get_job(session, job_id)
        start_again(session, actor(), job)
        return job_out(job)


def job_out(row: Job) -> JobOut:
    return JobOut(
        id=row.id,
        kind=row.kind,
        arguments=row.arguments,
        state=row.state,
        attempts=row.attempts,
        run_at=row.run_at,
        error=recalled(row.error or "") or None,
    )
