"""EXIF, IPTC and XMP of a file, reconciled by the Metadata Working Group's precedence."""

from assetlib.media.metadata.packets import Packets, packets_of
from assetlib.media.metadata.reconciling import reconciled

__all__ = ["Packets", "packets_of", "reconciled"]
