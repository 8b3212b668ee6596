"""How an upload says no."""

from assetlib.errors import Conflict, Invalid, NotFound


class NoSuchUpload(NotFound):
    code = "upload_not_found"


class UploadNotOpen(Conflict):
    """It takes no more parts: it arrived, or it was cancelled."""

    code = "upload_not_open"


class PartsMissing(Conflict):
    """`details["parts"]` lists the numbers that are missing or have another size."""

    code = "parts_missing"


class FileTooLarge(Invalid):
    code = "file_too_large"


class WrongAnnouncement(Invalid):
    """What was said of the file cannot be; `details["fields"]` says which field and why."""

    code = "wrong_announcement"


class WrongPart(Invalid):
    """There is no such part, or it has another size. `details` hold its number and the size it must have."""

    code = "wrong_part"


class OtherAnnouncement(Conflict):
    """The idempotency key names another file."""

    code = "idempotency_key_reused"
