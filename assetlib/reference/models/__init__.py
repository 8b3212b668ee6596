"""What plans and books are reckoned in, one noun per file."""

from assetlib.reference.models.change import ReferenceChange
from assetlib.reference.models.fiscal import FiscalCalendar, FiscalPeriod
from assetlib.reference.models.holiday import CompanyDay
from assetlib.reference.models.money import CostCentre, ExchangeRate, GlAccount
from assetlib.reference.models.vendor import Contract, Vendor

__all__ = [
    "CompanyDay",
    "Contract",
    "CostCentre",
    "ExchangeRate",
    "FiscalCalendar",
    "FiscalPeriod",
    "GlAccount",
    "ReferenceChange",
    "Vendor",
]
