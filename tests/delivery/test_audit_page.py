"""Administrators read what happened, in sentences, and take it away as a file; that they did is in it too."""

import csv
import io
import json
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from assetlib import clock
from assetlib.access.actor import SYSTEM, Actor
from assetlib.accounts.models import ApiToken, Person
from assetlib.audit import record
from assetlib.audit.models import AuditEntry
from assetlib.audit.queries import Wanted, stretch_of
from assetlib.audit.recording import SEALED, seal
from assetlib.catalog.actions.requests import (
    ask_for_access,
    close_unanswered,
    refuse_request,
    take_back_request,
)
from assetlib.catalog.models import AccessRequest
from assetlib.dashboards.audit_log import inert
from assetlib.house import House
from assetlib.jobs.models import Job
from assetlib.notify.models import Notice
from assetlib.worker import Worker
from tests import make
from tests.audit.test_verifying import guard_again, unguard
from tests.delivery.test_statements import counted
from tests.delivery.visiting import Visits

NOON = datetime(2027, 3, 31, 12, tzinfo=UTC)


def note(house: House, actor: Actor, action: str, kind: str, number: object, **facts: object) -> None:
    with house.database.transaction() as session:
        record(session, actor, action, (kind, str(number)), **facts)  # type: ignore[arg-type]  # as record takes it


def page(visits: Visits, actor: Actor, query: str = "") -> str:
    answer = visits.of(actor).get(f"/audit{query}")
    assert answer.status_code == 200, answer
    return answer.get_data(as_text=True)


def told(text: str) -> list[str]:
    """The sentences of a page, the latest first."""
    rows = re.findall(r'class="log__what">(.*?)<details', text, re.DOTALL)
    return [" ".join(re.sub(r"<(svg|q).*?</\1>|<[^>]+>", " ", row).split()) for row in rows]


def actions(house: House) -> list[str]:
    with house.database.reading() as session:
        return list(session.scalars(select(AuditEntry.action).order_by(AuditEntry.seq)))


def test_what_happened_is_told_in_sentences_with_what_changed(
    house: House, people: make.People, visits: Visits
) -> None:
    with house.database.transaction() as session:
        asset = make.asset(session, people.own, title="Ridge")
    lena = people.librarian
    note(house, lena, "catalog.version_approved", "asset", asset.id, version=3, reason="Fine as it is.")
    note(
        house, lena, "catalog.asset_described", "asset", asset.id,
        before={"title": "Rigde", "tags": ["a"]}, after={"title": "Ridge", "tags": ["a"]},
    )  # fmt: skip
    note(house, lena, "catalog.something_new", "asset", 999_999)
    text = page(visits, people.administrator, "?action=catalog.")
    assert told(text) == [
        "Lena Librarian: something new, AST-999999",
        f"Lena Librarian changed the description of {asset.ref}",
        f"Lena Librarian approved {asset.ref}, version 3",
    ]
    assert "<q>Fine as it is.</q>" in text
    changed = re.findall(r'<tr><th scope="row" class="mono">(\w+)</th><td>(\w+)</td><td>(\w+)</td>', text)
    assert changed == [("title", "Rigde", "Ridge")]
    assert f'<a href="/assets/{asset.id}">Ridge</a>' in text
    assert "/assets/999999" not in text, "what is gone has no page"


def test_an_erased_person_is_told_by_number(house: House, people: make.People, visits: Visits) -> None:
    finn = people.field_marketer
    note(house, finn, "accounts.signed_in", "person", finn.person_id)
    with house.database.transaction() as session:
        session.get_one(Person, finn.person_id).erased_at = clock.now()
    sentence = f"Erased person {finn.person_id} signed in"
    assert sentence in told(page(visits, people.administrator))
    assert sentence in told(page(visits, people.administrator, f"?who=person+{finn.person_id}"))


def test_looking_and_exporting_are_in_the_log(house: House, people: make.People, visits: Visits) -> None:
    ida = people.administrator
    page(visits, ida, "?q=secret+words&refused=1")
    visits.of(ida).get("/audit/export?form=jsonl")
    visits.of(ida).get("/api/v1/audit")
    assert actions(house)[-3:] == ["audit.read", "audit.exported", "audit.read"]
    with house.database.reading() as session:
        kept = json.dumps([each.changes for each in session.scalars(select(AuditEntry))])
    assert "secret" not in kept
    assert told(page(visits, ida))[:2] == [
        "Ida Admin looked at the audit log",
        "Ida Admin exported the audit log",
    ]


def test_refusals_are_in_the_log_and_can_be_had_alone(
    house: House, people: make.People, visits: Visits
) -> None:
    with house.database.transaction() as session:
        ended = make.published(session, people.own, people.librarian)
        ended.right.ends_on = clock.today() - timedelta(days=1)  # type: ignore[union-attr]  # there is one
    finn = visits.of(people.field_marketer)
    assert finn.get("/jobs").status_code == 403
    assert finn.get(f"/assets/{ended.id}/download").status_code in (403, 409)
    visits.nobody().post("/sign-in", {"email": "nobody@company.example", "password": "four words in a row"})
    visits.nobody().get("/static/nothing.css")
    note(house, people.librarian, "accounts.signed_in", "person", 1)
    found = told(page(visits, people.administrator, "?refused=1"))
    assert found == [
        "Refused Somebody who was not signed in tried to sign in and was refused",
        f"Refused Finn Field was refused at /assets/{ended.id}/download",
        "Refused Finn Field was refused at /jobs",
    ]


def test_what_librarians_answer_is_told_and_is_no_refusal(
    house: House, people: make.People, visits: Visits
) -> None:
    lena, finn, asked = people.librarian, people.field_marketer, []
    until = clock.today() + timedelta(days=9)
    with house.database.transaction() as session:
        for words in ("ridge", "valley", "lake"):
            row = ask_for_access(session, finn, query=words, purpose="For a poster", until=until)
            asked.append(row.id)
        refuse_request(session, lena, session.get_one(AccessRequest, asked[0]), reason="It is not ours.")
        take_back_request(session, finn, session.get_one(AccessRequest, asked[1]))
    with house.database.transaction() as session, clock.held_at(clock.now() + timedelta(days=60)):
        close_unanswered(session, SYSTEM)
    assert told(page(visits, people.administrator, "?action=catalog."))[:3] == [
        f"assetlib closed Request {asked[2]}, which nobody answered",
        f"Finn Field took Request {asked[1]} back",
        f"Lena Librarian did not grant Request {asked[0]}",
    ]
    assert told(page(visits, people.administrator, "?refused=1")) == []


FILTERS = [
    ("?who=lena", 2),
    ("?who=nobody+of+this+name", 0),
    ("?action=catalog.asset_published", 1),
    ("?action=catalog.", 2),
    ("?thing=AST-00042", 2),
    ("?thing=asset+42", 2),
    ("?thing=person+42", 0),
    ("?q=PRESS", 1),
    ("?q=100%25", 0),
    ("?from=2027-04-01", 1),
    ("?to=2027-03-31", 2),
    ("?from=2027-03-31&to=2027-03-31&who=lena", 2),
    ("?request=req-of-finn", 1),
    ("?who=lena&action=accounts.", 0),
]


@pytest.mark.parametrize(("query", "count"), FILTERS)
def test_filters(house: House, people: make.People, visits: Visits, query: str, count: int) -> None:
    lena, finn = people.librarian, replace(people.field_marketer, request_id="req-of-finn")
    with clock.held_at(NOON):
        note(house, lena, "catalog.asset_published", "asset", 42, reason="For the press kit")
        note(house, lena, "catalog.asset_withdrawn", "asset", 42)
    with clock.held_at(NOON + timedelta(days=1)):
        note(house, finn, "accounts.signed_out", "person", finn.person_id)
        visits.of(people.administrator)
        asked = page(visits, people.administrator, query)
    rows = [each for each in told(asked) if "signed in" not in each]
    assert len(rows) == count, rows


def test_a_filter_that_cannot_be_read_says_how_it_is_written(people: make.People, visits: Visits) -> None:
    text = page(visits, people.administrator, "?thing=what&from=yesterday&organisation=x")
    assert "Write it as AST-00042" in text
    assert "Write it as 2026-11-30." in text


def test_what_a_token_did_is_found_by_it(house: House, people: make.People, visits: Visits) -> None:
    with house.database.transaction() as session:
        token = ApiToken(
            person_id=people.librarian.person_id, name="Nightly import", token_hash="h" * 64, hint="abc",
            scopes=["edit"], created_at=clock.now(),
        )  # fmt: skip
        session.add(token)
        session.flush()
        program = replace(people.librarian, token_id=token.id, token_scopes=frozenset({"edit"}))
    note(house, program, "catalog.asset_published", "asset", 7)
    note(house, people.librarian, "catalog.asset_published", "asset", 8)
    assert told(page(visits, people.administrator, f"?token={token.id}")) == [
        "Lena Librarian published AST-00007 by the token “Nightly import”"
    ]


def test_one_goes_along_the_log_by_number_both_ways(house: House, people: make.People) -> None:
    with house.database.transaction() as session:
        for number in range(25):
            record(session, people.librarian, "catalog.asset_published", ("asset", str(number)))
    published = Wanted(actions=frozenset({"catalog.asset_published"}))
    with house.database.reading() as session:
        first = stretch_of(session, published, size=10)
        second = stretch_of(session, published, before=first.older_from, size=10)
        last = stretch_of(session, published, before=second.older_from, size=10)
        back = stretch_of(session, published, after=last.newer_from, size=10)
    things = [[int(each.object_id) for each in part.entries] for part in (first, second, last)]
    assert things == [[*range(24, 14, -1)], [*range(14, 4, -1)], [*range(4, -1, -1)]]
    assert (first.newer_from, last.older_from) == (None, None)
    assert [each.seq for each in back.entries] == [each.seq for each in second.entries]


def test_the_number_of_statements_is_small_however_many_things_are_spoken_of(
    house: House, people: make.People, visits: Visits
) -> None:
    visit = visits.of(people.administrator)
    visit.get("/audit")
    sent = []
    for count in (2, 45):
        with house.database.transaction() as session:
            for _ in range(count):
                asset = make.asset(session, people.own)
                kept = make.collection(session, people.librarian, asset)
                record(session, people.librarian, "catalog.asset_added", asset)
                record(session, people.contributor, "catalog.collection_made", kept)
        with counted(house.database) as statements:
            visit.get("/audit")
        sent.append(len(statements))
    assert sent[0] == sent[1] <= 30, sent


def test_a_table_takes_nothing_of_the_csv_for_a_formula_and_json_lines_prove_themselves(
    house: House, people: make.People, visits: Visits
) -> None:
    reason = '=HYPERLINK("http://evil.example")\r\n, said "Ä"'
    note(house, people.librarian, "catalog.asset_withdrawn", "asset", 5, reason=reason)
    visit = visits.of(people.administrator)
    answer = visit.get("/audit/export?form=csv&action=catalog.")
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert "attachment" in answer.headers["Content-Disposition"]
    assert answer.data.startswith(b"\xef\xbb\xbfseq,at,who,")
    rows = list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"), newline="")))
    assert [(row["who"], row["reason"]) for row in rows] == [("Lena Librarian", "'" + reason)]
    assert b"\r\n" in answer.data
    lines = visit.get("/audit/export?form=jsonl").data.decode().splitlines()
    entries = [json.loads(line) for line in lines]
    assert [each["seq"] for each in entries] == list(range(1, len(entries) + 1))
    for each in entries:
        facts = {name: each[name] for name in SEALED if name != "organisation"}
        assert seal({**facts, "at": datetime.fromisoformat(each["at"])}) == each["hash"]


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@x", "\t=1", "\r=1", "\n=1"])
def test_what_could_be_a_formula_is_made_text(text: str) -> None:
    assert inert(text) == "'" + text
    assert inert("1 " + text) == "1 " + text


def worked(house: House) -> None:
    Worker(house, name="test").run_until_idle()


def test_a_verification_says_when_how_many_and_what_came_since(
    house: House, people: make.People, visits: Visits
) -> None:
    visit = visits.of(people.administrator)
    assert "Not verified yet" in page(visits, people.administrator)
    visit.post("/audit/verify")
    assert "Being verified" in page(visits, people.administrator)
    worked(house)
    text = page(visits, people.administrator)
    assert "Whole" in text
    said = visit.get("/api/v1/audit/verification").get_json()
    assert (said["is_whole"], said["first_bad"], said["is_under_way"]) == (True, None, False)
    assert said["entries"] > 0
    assert said["since"] == 0, "that somebody looked is written down once in a visit"


def test_a_touched_log_is_shown_red_with_its_first_bad_entry_and_told_to_administrators(
    house: House, people: make.People, visits: Visits
) -> None:
    for number in range(5):
        note(house, people.librarian, "catalog.asset_published", "asset", number)
    with house.database.engine.begin() as connection:
        unguard(connection)
        connection.exec_driver_sql("UPDATE audit_entry SET reason = 'another' WHERE seq = 3")
        guard_again(connection)
    visits.of(people.administrator).post("/audit/verify")
    worked(house)
    text = page(visits, people.administrator)
    assert "The log was touched." in text
    assert (
        "Entry 3 was changed after it was written. The first bad entry is 3; 2 before it are whole." in text
    )
    assert 'role="alert"' in text
    with house.database.reading() as session:
        notices = session.scalars(select(Notice).where(Notice.kind == "audit.broken")).all()
        assert session.scalars(select(Job).where(Job.state == "dead")).all() == []
    assert [each.person_id for each in notices] == [people.administrator.person_id]
    mine = visits.of(people.administrator).get("/my-work").get_data(as_text=True)
    assert "The chain is broken: entry 3 was changed after it was written." in mine


def test_a_visit_is_written_down_once_not_for_each_page_of_it(
    house: House, people: make.People, visits: Visits
) -> None:
    ida = people.administrator
    for number in range(60):
        note(house, people.librarian, "accounts.signed_in", "person", number)
    first = page(visits, ida, "?action=accounts.signed_in")
    (older,) = re.findall(r'href="(/audit\?[^"]*before=[^"]*)"', first)
    page(visits, ida, older.removeprefix("/audit").replace("&amp;", "&"))
    page(visits, ida, "?action=accounts.signed_in")
    assert actions(house).count("audit.read") == 1
    page(visits, ida, "?refused=1")
    page(visits, ida)
    assert actions(house).count("audit.read") == 3
    with clock.held_at(clock.now() + timedelta(minutes=31)):
        page(visits, ida, "?refused=1")
    assert actions(house).count("audit.read") == 4


def test_an_unknown_form_of_export_is_refused(people: make.People, visits: Visits) -> None:
    answer = visits.of(people.administrator).get("/audit/export?form=xml")
    assert answer.status_code == 422
    assert "as CSV or as JSON Lines" in answer.text


def test_choices_and_states_are_in_the_language_of_the_reader(
    house: House, people: make.People, visits: Visits
) -> None:
    note(house, people.librarian, "accounts.person_suspended", "person", 7)
    german = {"Accept-Language": "de"}
    text = visits.of(people.administrator).get("/audit", headers=german).text
    assert "Jemand hat … gesperrt" in text
    assert "Personen, alles" in text
    assert "person suspended" not in text
    jobs = visits.of(people.administrator).get("/jobs", headers=german).text
    assert re.search(r">\s*Wartet \d", jobs)
