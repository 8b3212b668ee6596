"""The words for where an upload stands."""

OPEN, VERIFYING, AVAILABLE, REFUSED, CANCELLED = "open", "verifying", "available", "refused", "cancelled"

GIVEN_UP = "given_up"
"""The code of a refusal that was our fault, not the file's: its bytes are kept for another try."""
