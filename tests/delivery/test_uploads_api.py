"""The upload protocol as a browser or a program meets it."""

import base64
import hashlib
from io import BytesIO
from typing import Any

import pytest
from sqlalchemy import select

from assetlib.house import House
from assetlib.jobs.models import Job
from assetlib.storage.models import Upload
from assetlib.storage.states import REFUSED
from assetlib.storage.uploads import rules
from tests import make
from tests.delivery.visiting import Visit, Visits
from tests.storage.conftest import SMALL_PART
from tests.storage.contract import read, some_bytes

UPLOADS = "/api/v1/uploads"
CONTENT = some_bytes(2 * SMALL_PART + 1234)
JSON = "application/json"


@pytest.fixture(autouse=True)
def _small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "SMALLEST_PART", SMALL_PART)


@pytest.fixture
def agency(visits: Visits, people: make.People) -> Visit:
    return visits.of(people.contributor)


def announced(**values: Any) -> dict[str, Any]:
    facts = {"name": "Look 07.jpg", "size": len(CONTENT), "mtime": 1_790_000_000_000, "fingerprint": "f1"}
    return facts | values


def begin(visit: Visit, **values: Any) -> dict[str, Any]:
    answer = visit.send("POST", UPLOADS, json=announced(**values))
    assert answer.status_code == 201, answer.text
    return dict(answer.json or {})


def put(
    visit: Visit, upload: str, number: int, body: bytes | None = None, headers: dict[str, str] | None = None
) -> Any:
    part = CONTENT[(number - 1) * SMALL_PART : number * SMALL_PART] if body is None else body
    return visit.send(
        "PUT",
        f"{UPLOADS}/{upload}/parts/{number}",
        data=part,
        headers={"Content-Type": "application/octet-stream", **(headers or {})},
    )


def said(answer: Any) -> tuple[int, str]:
    assert answer.content_type == "application/problem+json", answer.text
    assert answer.json["detail"].endswith(".")
    return answer.status_code, answer.json["code"]


def test_a_file_goes_up(agency: Visit, house: House) -> None:
    upload = begin(agency, folder="Spring/Prints")
    assert upload == {
        "id": upload["id"],
        "state": "open",
        "name": "Look 07.jpg",
        "folder": "Spring/Prints",
        "size": len(CONTENT),
        "mtime": 1_790_000_000_000,
        "fingerprint": "f1",
        "delivered_for": None,
        "part_size": SMALL_PART,
        "transfer": "put",
        "parts": [],
        "asset": None,
        "version": None,
        "same_as": [],
        "may_leave_out": False,
        "refusal": None,
    }
    for number in (1, 2, 3):
        sha256 = hashlib.sha256(CONTENT[(number - 1) * SMALL_PART : number * SMALL_PART]).hexdigest()
        answer = put(agency, upload["id"], number, headers={"X-Part-Sha256": sha256})
        assert answer.status_code == 200, answer.text
        expected = SMALL_PART if number < 3 else 1234
        assert answer.json == {"n": number, "size": expected, "tag": sha256}
    seen = agency.get(f"{UPLOADS}/{upload['id']}").json or {}
    assert seen["parts"] == [
        {"n": 1, "size": SMALL_PART},
        {"n": 2, "size": SMALL_PART},
        {"n": 3, "size": 1234},
    ]
    for _ in range(2):
        done = agency.send("POST", f"{UPLOADS}/{upload['id']}/complete")
        assert (done.status_code, (done.json or {})["state"]) == (202, "verifying")
    with house.database.reading() as session:
        row = session.scalars(select(Upload)).one()
        promised = session.scalars(select(Job).where(Job.kind == "catalog.take_in_upload")).one()
    assert promised.arguments == {"upload_id": row.id}
    assert read(house.store, row.key) == CONTENT


def test_a_file_on_its_way_goes_on(agency: Visit) -> None:
    upload = begin(agency)
    put(agency, upload["id"], 2)
    again = agency.send("POST", UPLOADS, json=announced())
    assert again.status_code == 200
    assert (again.json or {})["id"] == upload["id"]
    assert (again.json or {})["parts"] == [{"n": 2, "size": SMALL_PART}]
    listed = agency.get(f"{UPLOADS}?state=open").json or {}
    assert [(each["id"], each["parts"]) for each in listed["uploads"]] == [
        (upload["id"], [{"n": 2, "size": SMALL_PART}])
    ]
    assert (agency.get(f"{UPLOADS}?state=verifying").json or {})["uploads"] == []


def test_an_idempotency_key_names_one_upload(agency: Visit) -> None:
    first = agency.send("POST", UPLOADS, json=announced(), headers={"Idempotency-Key": "k-1"})
    assert first.status_code == 201
    agency.send("DELETE", f"{UPLOADS}/{(first.json or {})['id']}")
    again = agency.send("POST", UPLOADS, json=announced(), headers={"Idempotency-Key": "k-1"})
    assert (again.status_code, (again.json or {})["state"]) == (200, "cancelled")
    other = agency.send("POST", UPLOADS, json=announced(name="b"), headers={"Idempotency-Key": "k-1"})
    assert said(other) == (409, "idempotency_key_reused")


def test_a_cancelled_upload_is_over(agency: Visit) -> None:
    upload = begin(agency)["id"]
    for _ in range(2):
        assert agency.send("DELETE", f"{UPLOADS}/{upload}").status_code == 204
    assert said(put(agency, upload, 1)) == (409, "upload_not_open")
    assert said(agency.send("POST", f"{UPLOADS}/{upload}/complete")) == (409, "upload_not_open")
    assert (agency.get(f"{UPLOADS}/{upload}").json or {})["state"] == "cancelled"


def test_missing_parts_are_named(agency: Visit) -> None:
    upload = begin(agency)["id"]
    put(agency, upload, 2)
    answer = agency.send("POST", f"{UPLOADS}/{upload}/complete")
    assert said(answer) == (409, "parts_missing")
    assert (answer.json or {})["parts"] == [1, 3]


@pytest.mark.parametrize(
    ("number", "body", "headers", "code"),
    [
        (1, b"short", {}, "wrong_part"),
        (3, b"x" * 1235, {}, "wrong_part"),
        (4, b"x", {}, "wrong_part"),
        (0, b"x", {}, "wrong_part"),
        (1, None, {"X-Part-Sha256": "0" * 64}, "checksum_differs"),
        (1, None, {"X-Part-Sha256": "nonsense"}, "wrong_part"),
    ],
)
def test_a_part_is_just_what_it_must_be(
    agency: Visit, number: int, body: bytes | None, headers: dict[str, str], code: str
) -> None:
    upload = begin(agency)["id"]
    assert said(put(agency, upload, number, body, headers)) == (422, code)
    assert (agency.get(f"{UPLOADS}/{upload}").json or {})["parts"] == []


def test_a_part_without_a_length_is_refused(agency: Visit) -> None:
    upload = begin(agency)["id"]
    answer = agency.send(
        "PUT",
        f"{UPLOADS}/{upload}/parts/1",
        input_stream=BytesIO(CONTENT[:SMALL_PART]),
        content_type="application/octet-stream",
        environ_overrides={"wsgi.input_terminated": True, "HTTP_TRANSFER_ENCODING": "chunked"},
    )
    assert said(answer) == (422, "wrong_part")


def test_a_part_may_be_larger_than_other_bodies(agency: Visit, monkeypatch: pytest.MonkeyPatch) -> None:
    size = 20 * SMALL_PART
    monkeypatch.setattr(rules, "SMALLEST_PART", size)
    upload = begin(agency, size=size)["id"]
    assert put(agency, upload, 1, b"x" * size).status_code == 200
    huge = rules.LARGEST_PART + 1
    answer = agency.send(
        "PUT", f"{UPLOADS}/{upload}/parts/1", data=b"x" * huge, content_type="application/octet-stream"
    )
    assert answer.status_code in (413, 422)
    elsewhere = agency.send("POST", UPLOADS, data=b"[" * size, content_type=JSON)
    assert elsewhere.status_code == 413


def test_an_empty_file_goes_up(agency: Visit) -> None:
    upload = begin(agency, size=0)["id"]
    assert put(agency, upload, 1, b"").status_code == 200
    assert agency.send("POST", f"{UPLOADS}/{upload}/complete").status_code == 202


def test_a_local_store_signs_nothing(agency: Visit) -> None:
    upload = begin(agency)["id"]
    asked = {"parts": [{"n": 1, "size": SMALL_PART, "md5": base64.b64encode(b"x" * 16).decode()}]}
    answer = agency.send("POST", f"{UPLOADS}/{upload}/parts/sign", json=asked)
    assert said(answer) == (409, "cannot_sign")


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": ""},
        {"name": "a" * 1025},
        {"name": "a\0b"},
        {"name": None},
        {"size": -1},
        {"size": 10**18},
        {"size": "many"},
        {"mtime": -1},
        {"mtime": 10**30},
        {"fingerprint": ""},
        {"as_version_of": 0},
        {"as_version_of": 10**12},
        {"role": "administrator"},
    ],
    ids=str,
)
def test_an_announcement_that_cannot_be_is_refused(agency: Visit, wrong: dict[str, Any]) -> None:
    answer = agency.send("POST", UPLOADS, json=announced(**wrong))
    assert said(answer)[0] == 422
    assert (agency.get(f"{UPLOADS}?state=open").json or {})["uploads"] == []


def test_a_name_with_half_a_character_is_refused(agency: Visit) -> None:
    body = '{"name": "a\\ud800.jpg", "size": 1, "mtime": 0, "fingerprint": "f"}'
    answer = agency.send("POST", UPLOADS, data=body, content_type=JSON)
    assert said(answer)[0] == 422


def test_an_upload_is_its_persons_alone(visits: Visits, people: make.People, agency: Visit) -> None:
    upload = begin(agency)["id"]
    put(agency, upload, 1)
    for stranger in (people.other_contributor, people.librarian, people.administrator):
        visit = visits.of(stranger)
        answers = [
            visit.get(f"{UPLOADS}/{upload}"),
            put(visit, upload, 1),
            visit.send("POST", f"{UPLOADS}/{upload}/parts/sign", json={"parts": []}),
            visit.send("POST", f"{UPLOADS}/{upload}/complete"),
            visit.send("DELETE", f"{UPLOADS}/{upload}"),
        ]
        codes = [said(answer) for answer in answers]
        assert codes == [(404, "upload_not_found")] * 5
        assert (visit.get(UPLOADS).json or {})["uploads"] == []
    assert (agency.get(f"{UPLOADS}/{upload}").json or {})["parts"] == [{"n": 1, "size": SMALL_PART}]


def test_who_may_not_upload_is_told(visits: Visits, people: make.People) -> None:
    for actor in (people.field_marketer, people.partner_marketer, people.without_role):
        assert said(visits.of(actor).send("POST", UPLOADS, json=announced())) == (403, "not_permitted")
        assert said(visits.of(actor).get(UPLOADS)) == (403, "not_permitted")
    assert visits.nobody().get(UPLOADS).status_code == 401
    assert visits.nobody().get(f"{UPLOADS}/{'a' * 32}").status_code == 401


def test_a_new_version_needs_an_asset_one_may_change(
    visits: Visits, people: make.People, house: House, agency: Visit
) -> None:
    with house.database.transaction() as session:
        mine = make.asset(session, people.agency)
        theirs = make.asset(session, people.other_agency)
    assert begin(agency, as_version_of=mine.id)["state"] == "open"
    assert said(agency.send("POST", UPLOADS, json=announced(as_version_of=theirs.id)))[0] == 404
    assert said(agency.send("POST", UPLOADS, json=announced(as_version_of=999_999)))[0] == 404


def settle(house: House, upload: str, **values: Any) -> None:
    with house.database.transaction() as session:
        row = session.scalars(select(Upload).where(Upload.public_id == upload)).one()
        for name, value in values.items():
            setattr(row, name, value)


def test_what_became_of_it_is_shown(agency: Visit, people: make.People, house: House) -> None:
    upload = begin(agency)["id"]
    with house.database.transaction() as session:
        asset = make.asset(session, people.agency, title="Look 07")
        blob_id = asset.versions[0].blob_id
    settle(house, upload, state="available", blob_id=blob_id, asset_id=asset.id, version_number=1)
    shown = agency.get(f"{UPLOADS}/{upload}").json or {}
    assert shown["state"] == "available"
    assert (shown["asset"]["id"], shown["asset"]["title"]) == (asset.id, "Look 07")
    assert shown["asset"]["url"] == f"/assets/{asset.id}"
    assert shown["version"] == 1
    assert (shown["same_as"], shown["may_leave_out"]) == ([], True)
    settle(house, upload, asset_id=999_999)
    assert (agency.get(f"{UPLOADS}/{upload}").json or {})["asset"] is None


def test_a_known_file_names_what_it_is_the_same_as(agency: Visit, people: make.People, house: House) -> None:
    upload = begin(agency)["id"]
    with house.database.transaction() as session:
        twin = make.asset(session, people.agency, title="Look 07, first try", versions=2)
        hidden = make.asset(session, people.other_agency, title="Nobody's business")
        same = [{"asset_id": each.id, "version": 1} for each in (hidden, twin)]
        asset = make.asset(session, people.agency, versions=0, state="approved")
        version = make.version(session, asset, facts={"same_as": same})
    settle(house, upload, state="available", blob_id=version.blob_id, asset_id=asset.id, version_number=1)
    shown = agency.get(f"{UPLOADS}/{upload}").json or {}
    assert shown["same_as"] == [
        {
            "id": twin.id,
            "ref": twin.ref,
            "title": "Look 07, first try",
            "url": f"/assets/{twin.id}",
            "version": 1,
            "takes_it": True,
        }
    ]
    assert not shown["may_leave_out"], "what is approved is deleted by librarians"
    page = agency.get("/uploads").get_data(as_text=True)
    assert f'<a href="/assets/{twin.id}">{twin.ref} Look 07, first try</a>' in page
    assert "Nobody" not in page


def test_a_refusal_is_shown(agency: Visit, house: House) -> None:
    upload = begin(agency)["id"]
    settle(house, upload, state=REFUSED, refusal_code="not_a_picture", refusal="This is no picture.")
    shown = agency.get(f"{UPLOADS}/{upload}").json or {}
    assert shown["refusal"] == {"code": "not_a_picture", "sentence": "This is no picture."}


def test_an_upload_needs_the_form_token(agency: Visit, people: make.People) -> None:
    assert agency.client.post(UPLOADS, json=announced()).status_code == 403
    upload = begin(agency)["id"]
    answer = agency.client.put(f"{UPLOADS}/{upload}/parts/1", data=CONTENT[:SMALL_PART])
    assert answer.status_code == 403
    assert (agency.get(f"{UPLOADS}/{upload}").json or {})["parts"] == []


@pytest.mark.parametrize("public_id", ["x", "a" * 32, "a%00b", "..%2fx", "%ff"])
def test_there_is_no_such_upload(agency: Visit, public_id: str) -> None:
    assert agency.get(f"{UPLOADS}/{public_id}").status_code == 404
