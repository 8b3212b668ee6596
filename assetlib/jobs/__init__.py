"""Work for later: rows, added in the transaction that needs them done."""

from assetlib.jobs.enqueuing import enqueue

__all__ = ["enqueue"]
