"""Who ends a bulk edit that cannot go on, and takes it up again; `permissions.assets` says who makes one."""

from assetlib.access.permission import Permission, the_house

BREAK_OFF_BULK_EDIT = Permission(
    "catalog.break_off_bulk_edit", the_house, "The house breaks off what its person may not go on with."
)
TAKE_UP_BULK_EDIT = Permission(
    "catalog.take_up_bulk_edit", the_house, "The house takes up again what it broke off by its own fault."
)
