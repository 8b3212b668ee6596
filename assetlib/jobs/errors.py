"""How the work list says no."""

from assetlib.errors import Conflict, NotFound


class NoSuchJob(NotFound):
    code = "job_not_found"


class NotGivenUp(Conflict):
    """Only work that was given up can start anew."""

    code = "job_not_given_up"
