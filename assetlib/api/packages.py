"""A selection as one ZIP."""

from apiflask import APIBlueprint

from assetlib.api.shapes import PackageIn, PackageOut
from assetlib.catalog.actions.downloads import make_package
from assetlib.catalog.permissions.assets import VIEW_LIBRARY
from assetlib.current import actor, database
from assetlib.policy import open_to

api = APIBlueprint("api_packages", __name__, url_prefix="/packages", tag="Downloads")


@api.post("")
@api.input(PackageIn)
@api.output(PackageOut, status_code=201)
@open_to(VIEW_LIBRARY)
def make(json_data: PackageIn) -> PackageOut:
    """Keep a selection; its `url` gives the ZIP, to you alone."""
    with database().transaction() as session:
        package = make_package(session, actor(), json_data.assets, json_data.form)
        return PackageOut(
            id=package.public_id, url=f"/packages/{package.public_id}.zip", assets=len(package.asset_ids)
        )
