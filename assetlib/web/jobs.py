"""The page of what waits, runs and failed."""

from flask import Blueprint, flash, redirect, render_template, request
from werkzeug.wrappers import Response

from assetlib.catalog.queries.damage import damaged_files
from assetlib.current import actor, database
from assetlib.jobs.actions import start_again
from assetlib.jobs.models import DEAD, DONE, QUEUED, RUNNING
from assetlib.jobs.permissions import REPEAT_JOB, SEE_JOBS
from assetlib.jobs.queries import DEAD_KEPT_FOR, DONE_KEPT_FOR, counts, get_job, jobs_in
from assetlib.paging import clamp
from assetlib.policy import open_to
from assetlib.words import recalled, say

pages = Blueprint("jobs", __name__, url_prefix="/jobs")

STATES = {QUEUED: say("Waiting"), RUNNING: say("Running"), DEAD: say("Failed"), DONE: say("Done")}


@pages.get("")
@open_to(SEE_JOBS)
def index() -> str:
    state = request.args.get("state", QUEUED)
    state = state if state in STATES else QUEUED
    number, size = clamp(request.args.get("page", type=int), 50)
    with database().reading() as session:
        page = jobs_in(session, state, number=number, size=size)
        numbers = counts(session)
        damaged = damaged_files(session)
    tabs = [
        (
            say("{state} {count}", state=label, count=numbers.get(key, 0)),
            f"/jobs?state={key}",
            key == state,
        )
        for key, label in STATES.items()
    ]
    return render_template(
        "jobs/index.html",
        page=page,
        tabs=tabs,
        state=state,
        may_repeat=REPEAT_JOB.allows(actor()),
        damaged=damaged,
        kept_for={"done": DONE_KEPT_FOR.days, "failed": DEAD_KEPT_FOR.days},
        recalled=recalled,
    )


@pages.post("/<int:job_id>/again")
@open_to(REPEAT_JOB)
def again(job_id: int) -> Response:
    with database().transaction() as session:
        job = get_job(session, job_id)
        start_again(session, actor(), job)
    flash(say("It waits for its turn again."))
    return redirect(f"/jobs?state={DEAD}")
