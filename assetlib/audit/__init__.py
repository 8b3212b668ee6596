"""What happened, who did it, and the proof that nobody rewrote it since."""

from assetlib.audit.recording import append_chain, record
from assetlib.audit.verifying import Verdict, verify

__all__ = ["Verdict", "append_chain", "record", "verify"]
