"""What an S3 server says, in our words."""

from assetlib.errors import Refusal
from assetlib.storage.blobs import DamagedBytes, NoSuchBlob, NoSuchMultipart, StoreAway, WrongParts
from assetlib.words import say

OVER = say("This upload is over. Begin it anew.")

_MISSING = frozenset({"NoSuchKey", "NotFound", "404"})
_OTHER_PARTS = frozenset({"InvalidPart", "InvalidPartOrder", "EntityTooSmall"})
_DAMAGED = frozenset({"BadDigest", "InvalidDigest", "IncompleteBody", "RequestTimeout"})


def refusal_of(code: str) -> Refusal:
    """Our refusal for an error code of the server; what we do not know is the store being away."""
    if code in _MISSING:
        return NoSuchBlob(say("The bytes of this file are not in the store. Have someone look at it."))
    if code == "NoSuchUpload":
        return NoSuchMultipart(OVER)
    if code in _OTHER_PARTS:
        return WrongParts(say("The parts named are not the parts that were kept. Look again."))
    if code in _DAMAGED:
        return DamagedBytes(say("A part of the file was damaged on its way. Send it again."))
    return StoreAway(say("The store for files refused. Try again in a moment."), retry_after=10, said=code)
