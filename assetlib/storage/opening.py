"""Which keeper of bytes this installation has."""

from assetlib.settings import Settings
from assetlib.storage.blobs import BlobStore


class UnknownStore(ValueError):
    """The settings name a keeper that does not exist. Nothing takes its place."""


def open_store(settings: Settings) -> BlobStore:
    """The keeper that the settings name."""
    if settings.store_kind == "local":
        from assetlib.storage.local import LocalStore

        return LocalStore(settings.files)
    if settings.store_kind == "s3":
        # Loading the S3 library costs a second and 30 MB; who keeps files locally need not pay it.
        from assetlib.storage.s3 import S3Store

        return S3Store(
            bucket=settings.s3_bucket,
            access_key=settings.s3_access_key,
            secret_key=settings.s3_secret_key,
            scratch=settings.scratch / "store",
            endpoint=settings.s3_endpoint,
            region=settings.s3_region,
            ca_file=settings.s3_ca_file,
        )
    raise UnknownStore(f"there is no store of the kind {settings.store_kind!r}")
