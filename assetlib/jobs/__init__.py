"""Work for later: rows, added in the transaction that needs them done."""

from assetlib.jobs.enqueuing import enqueue, enqueue_each

__all__ = ["enqueue", "enqueue_each"]
