"""Who ends a bulk edit that nobody may go on with; `permissions.assets` says who makes one."""

from assetlib.access.permission import Permission, the_house

BREAK_OFF_BULK_EDIT = Permission(
    "catalog.break_off_bulk_edit", the_house, "The house breaks off what its person may not go on with."
)
