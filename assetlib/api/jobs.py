"""What waits, runs and failed, for administrators."""

from apiflask import APIBlueprint
from pydantic import Field

from assetlib.accounts.permissions import REPEAT_JOB, SEE_JOBS
from assetlib.api.shapes import JobOut, Query, Shape
from assetlib.audit import record
from assetlib.current import actor, database
from assetlib.jobs.carrying import try_again
from assetlib.jobs.models import Job
from assetlib.jobs.queries import counts, get_job, jobs_in
from assetlib.policy import open_to

api = APIBlueprint("api_jobs", __name__, tag="Jobs")


class JobsQuery(Query):
    state: str = Field("queued", pattern="^(queued|running|done|dead)$")


class JobsOut(Shape):
    counts: dict[str, int]
    total: int
    jobs: list[JobOut]


@api.get("/jobs")
@api.input(JobsQuery, location="query")
@api.output(JobsOut)
@open_to(SEE_JOBS)
def index(query_data: JobsQuery) -> JobsOut:
    """Jobs in one state, the newest first."""
    with database().reading() as session:
        page = jobs_in(session, query_data.state, number=query_data.page, size=query_data.size)
        return JobsOut(counts=counts(session), total=page.total, jobs=[job_out(each) for each in page.rows])


@api.post("/jobs/<int:job_id>/again")
@api.output(JobOut)
@open_to(REPEAT_JOB)
def again(job_id: int) -> JobOut:
    """Let a job start anew."""
    with database().transaction() as session:
        job = get_job(session, job_id)
        try_again(job)
        record(session, actor(), "jobs.started_again", job)
        return job_out(job)


def job_out(row: Job) -> JobOut:
    return JobOut(
        id=row.id,
        kind=row.kind,
        arguments=row.arguments,
        state=row.state,
        attempts=row.attempts,
        run_at=row.run_at,
        error=row.error,
    )
