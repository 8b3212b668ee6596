"""How the catalogue says no."""

from assetlib.errors import Conflict, Invalid, NotAllowed, NotFound, Unavailable


class NoSuchAsset(NotFound):
    code = "asset_not_found"


class NoSuchVersion(NotFound):
    code = "version_not_found"


class NoSuchRendition(NotFound):
    code = "rendition_not_found"


class NoSuchCollection(NotFound):
    code = "collection_not_found"


class NoSuchAttribute(NotFound):
    code = "attribute_not_found"


class NoSuchBulkEdit(NotFound):
    code = "bulk_edit_not_found"


class NoSuchDeliverySpec(NotFound):
    code = "delivery_spec_not_found"


class NoSuchPackage(NotFound):
    code = "package_not_found"


class NoSuchShare(NotFound):
    """No such link, or it is not this actor's, or it does not open anything any more."""

    code = "share_not_found"


class ShareOver(NotFound):
    """A link that was open in this browser has ended or was taken back."""

    code = "share_over"


class WrongSharePassword(NotAllowed):
    """The password of a link; `details["tries_left"]` says how often it can be tried again."""

    code = "wrong_share_password"


class NotToBeUsed(NotAllowed):
    """The rights, the state or the approval of an asset keep its bytes back."""

    code = "not_to_be_used"


class FileDamaged(Unavailable):
    """What the store keeps is no longer what was put there."""

    code = "file_damaged"


class WrongState(Conflict):
    """The asset is not in a state from which this can be done."""

    code = "wrong_state"


class NotReadyToPublish(Conflict):
    """Something is missing before an asset may be published; `details["missing"]` lists it."""

    code = "not_ready_to_publish"


class WrongValue(Invalid):
    """A field cannot hold what was sent; `details["fields"]` says which and why."""

    code = "wrong_value"


class ChangedMeanwhile(Conflict):
    """Somebody else changed it since it was read; `details["current"]` holds what it says now."""

    code = "changed_meanwhile"


class OtherBytes(Conflict):
    """A verdict names bytes that this version does not hold."""

    code = "other_bytes"


class InUse(Conflict):
    """It cannot go while something still needs it; `details["uses"]` counts."""

    code = "in_use"


class NoSuchRequest(NotFound):
    """No such request for access, or not this actor's to see."""

    code = "request_not_found"


class AskedAlready(Conflict):
    """The same person asks for the same thing already, or it is open to them."""

    code = "asked_already"


class Answered(Conflict):
    """Somebody answered the request, or it was taken back; `details["state"]` says how it stands."""

    code = "answered"
