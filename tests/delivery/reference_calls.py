"""Calls about reference data that are taken, one after the other, as `test_api.py` makes them."""

from typing import Any

_ACCOUNT = {"code": "006020", "name": "Fairs", "valid_from": "2027-01-01"}
_RATE = {"base": "EUR", "quote": "NOK", "rate": "11.7500000001", "valid_from": "2027-01-01"}
_RETAIL = {"name": "Retail", "pattern": "454", "start_month": 2, "anchor": "nearest", "named_by": "start"}
_PARTY = {"country": "DE", "day": "2026-12-31", "name": "New Year's Eve"}

CALLS: list[tuple[str, str, str, Any, int, dict[str, Any]]] = [
    ("E", "GET", "/reference/calendars", None, 200, {}),
    ("M", "POST", "/reference/calendars", _RETAIL, 201, {"id": 2, "years": [], "revision": 1}),
    ("M", "PUT", "/reference/calendars/2", {**_RETAIL, "name": "Stores", "revision": 1}, 200,
     {"name": "Stores", "revision": 2}),
    ("E", "GET", "/reference/calendars/2/years/2023", None, 200, {"is_open": False}),
    ("A", "POST", "/reference/calendars/2/years", {"year": 2027}, 201, {"year": 2027, "is_open": True}),
    ("A", "POST", "/reference/calendars/2/years", {"year": 2027}, 422, {"code": "wrong_reference_value"}),
    ("M", "PUT", "/reference/calendars/2", {**_RETAIL, "revision": 2}, 409,
     {"code": "wrong_reference_state"}),
    ("E", "GET", "/reference/accounts", None, 200, {"total": 1}),
    ("E", "GET", "/reference/cost-centres", None, 200, {"total": 1}),
    ("E", "GET", "/reference/rates?size=5", None, 200, {"total": 1, "size": 5}),
    ("E", "GET", "/reference/vendors", None, 200, {"total": 1}),
    ("E", "GET", "/reference/vendors/1/contracts", None, 200, {}),
    ("E", "GET", "/reference/holidays?country=DE&year=2026", None, 200, {"country": "DE", "company": []}),
    ("E", "POST", "/reference/company-days", _PARTY, 201, {"works": False}),
    ("E", "DELETE", "/reference/company-days/2", None, 204, {}),
    ("E", "GET", "/reference/changes?state=open", None, 200, {"total": 1}),
    ("A", "GET", "/reference/changes/1", None, 200, {"may_decide": True, "may_withdraw": False}),
    ("A", "POST", "/reference/changes/1/approve", {}, 200, {"state": "applied", "decided_by": "Ida Admin"}),
    ("M", "POST", "/reference/changes", {"kind": "gl_account", "values": _ACCOUNT, "reason": "New"}, 201,
     {"id": 2, "state": "open", "name": "006020 Fairs", "may_decide": False}),
    ("A", "POST", "/reference/changes/2/reject", {"answer": "We have one"}, 200,
     {"state": "rejected", "answer": "We have one"}),
    ("M", "POST", "/reference/changes", {"kind": "rate", "values": _RATE, "reason": "New"}, 201, {"id": 3}),
    ("M", "POST", "/reference/changes/3/withdraw", None, 200, {"state": "withdrawn"}),
    ("M", "POST", "/reference/changes", {"kind": "rate", "values": {**_RATE, "rate": 1.5}, "reason": "x"},
     422, {}),
    ("M", "POST", "/reference/changes", {"kind": "rate", "values": {**_RATE, "rate": "1,5"}, "reason": "x"},
     422, {"code": "wrong_reference_value"}),
]  # fmt: skip
