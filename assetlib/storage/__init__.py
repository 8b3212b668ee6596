"""Where file bytes are kept, how they get there, and what looks after them."""

from assetlib.storage.blobs import BlobStore
from assetlib.storage.opening import open_store

__all__ = ["BlobStore", "open_store"]
