"""A file of people: read as spreadsheets write it, looked at row by row, sent once."""

from contextlib import suppress

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from assetlib import clock
from assetlib.accounts import actions
from assetlib.accounts.errors import WrongFile
from assetlib.accounts.models import Group, OneTimeLink, Person, RoleGrant
from assetlib.accounts.queries.bulk import Staged, staged
from assetlib.accounts.rules.bulk import MOST_ROWS, decoded, read_lines, roles_in
from assetlib.accounts.rules.roles import RoleAt
from assetlib.accounts.sessions import hash_of
from assetlib.jobs.models import Job
from assetlib.notify.models import OutgoingMail
from tests import make

HEAD = "name,email,organisation,roles,groups\n"
KNOWN = {"brand": {"kids": "Northwind Kids"}}


def row(**values: str) -> str:
    said = {
        "name": "Ada", "email": "ada@x.example", "organisation": "", "roles": "librarian", "groups": "",
        **values,
    }  # fmt: skip
    return ",".join(f'"{each}"' for each in said.values()) + "\n"


def judged(session: Session, *rows: str) -> list[Staged]:
    return staged(session, read_lines(HEAD + "".join(rows)), KNOWN)


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_file_reads_however_a_spreadsheet_wrote_it(separator: str, encoding: str, end: str) -> None:
    rows = [["Name", "E-Mail", "Rolle"], ["Jörg Weiß", "j@x.example", "reviewer"], [""]]
    text = end.join(separator.join(each) for each in rows)
    (line,) = read_lines(decoded(text.encode(encoding)))
    assert (line.number, line.values["name"], line.values["email"]) == (2, "Jörg Weiß", "j@x.example")
    assert line.faults == {}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "There is nothing in it"),
        (b"name,email\n", "no row below"),
        (b"name,phone\nA,1\n", "no column “phone”"),
        (b"name,roles\nA,x\n", "Missing: email"),
        (b"name,email,e-mail\nA,a@b.example,c\n", "twice: email"),
        (b'name,email\n"A,a@b.example\n', "never closed"),
        ("name,email\nA,a@b.example\n".encode("utf-16"), "CSV UTF-8"),
        (b"PK\x03\x04\x00\x00", "no CSV file"),
        (b"name,email\n\x81\x8d,a@b.example\n", "letters of this file"),
        (b"name,email\n" + b"A,a@b.example\n" * (MOST_ROWS + 1), "1,001 rows"),
        (b"x" * 400_001, "too large"),
    ],
)
def test_what_is_no_such_file_is_said_in_one_sentence(content: bytes, said: str) -> None:
    with pytest.raises(WrongFile) as refused:
        read_lines(decoded(content))
    assert said in refused.value.sentence
    assert set(refused.value.details["fields"]) == {"file"}


@pytest.mark.parametrize("cell", ["=1+1", "+cmd|x", "-2", "@SUM(A1)"])
def test_what_begins_like_a_formula_is_refused_in_every_column(
    session: Session, people: make.People, cell: str
) -> None:
    for column in ("name", "email", "organisation", "roles", "groups"):
        (one,) = judged(session, row(**{column: cell}))
        assert one.state == "wrong"
        assert "formula" in one.faults[column]


ANY_BYTES = st.binary(max_size=300) | st.text(max_size=300).map(lambda text: text.encode("utf-8", "ignore"))


@given(ANY_BYTES)
@example(b";")
@settings(max_examples=300, deadline=None)
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    for before in (b"", HEAD.encode()):
        with suppress(WrongFile):
            read_lines(decoded(before + content))


def test_roles_are_written_by_key_or_by_word() -> None:
    assert roles_in("Field marketer | librarian@brand:kids,REVIEWER") == {
        RoleAt("field_marketer"),
        RoleAt("librarian", "brand", "kids"),
        RoleAt("reviewer"),
    }


def test_each_row_says_what_is_wrong_at_its_own_field(session: Session, people: make.People) -> None:
    session.add(Group(name="Autumn", created_at=clock.now(), grants=[RoleGrant(role="reviewer")]))
    people.other_agency.state = "closed"
    session.flush()
    taken = session.scalars(select(Person.email)).first() or ""
    found = judged(
        session,
        row(),
        row(email="bo@x.example", roles="", groups="autumn"),
        row(email="ADA@x.example"),
        row(email="no address"),
        row(email="c@x.example", roles="librarian", organisation="halden & frey"),
        row(email="d@x.example", roles="librarian@brand:none"),
        row(email="e@x.example", roles=""),
        row(email="f@x.example", organisation="Nobody & Sons"),
        row(email="g@x.example", groups="Winter"),
        row(email="h@x.example", organisation="Studio Brandt", roles="reviewer"),
        row(email=taken),
        row(name="", email="i@x.example"),
    )
    assert [each.state for each in found] == ["ready", "ready", *["wrong"] * 8, "here", "wrong"]
    assert [sorted(each.faults) for each in found[2:]] == [
        ["email"], ["email"], ["roles"], ["roles"], ["roles"], ["organisation"], ["groups"], ["organisation"],
        ["email"], ["name"],
    ]  # fmt: skip
    assert found[2].faults["email"] == "Row 2 has this address too."


def test_a_known_address_says_in_which_state_its_account_is(session: Session, people: make.People) -> None:
    for state in ("invited", "active", "suspended", "closed"):
        make.person(session, people.agency, email=f"{state}@x.example", state=state)
    found = judged(
        session, *(row(email=f"{each}@x.example") for each in ("invited", "active", "suspended", "closed"))
    )
    assert {each.state for each in found} == {"here"}
    assert [each.faults["email"].split(".")[0] for each in found] == [
        "Invited already", "Here already", "Suspended", "This account is closed",
    ]  # fmt: skip


def test_two_organisations_of_one_name_are_not_guessed(session: Session, people: make.People) -> None:
    make.organisation(session, kind="agency", name="HALDEN & FREY")
    (found,) = judged(session, row(organisation="Halden & Frey", roles="reviewer"))
    assert found.faults["organisation"] == "Two organisations are called Halden & Frey. Rename one first."


def test_all_that_are_right_are_invited_and_the_same_file_again_invites_nobody(
    session: Session, people: make.People
) -> None:
    rows = [row(email=f"p{number}@x.example") for number in range(41)] + [row(email="no")]
    before = session.scalar(select(func.count()).select_from(Person)) or 0
    invited = actions.invite_people(session, people.administrator, judged(session, *rows))
    assert len(invited) == 41
    assert {each.state for each in invited} == {"invited"}
    mails = session.scalars(select(OutgoingMail)).all()
    assert {each.recipient for each in mails} == {each.email for each in invited}
    tokens = {each.letter["button_url"].rpartition("/")[2] for each in mails}
    assert {hash_of(each) for each in tokens} == set(session.scalars(select(OneTimeLink.token_hash)))
    promised = session.scalars(select(Job.arguments).where(Job.kind == "notify.send_mail")).all()
    assert sorted(each["mail_id"] for each in promised) == sorted(each.id for each in mails)
    with pytest.raises(WrongFile, match="nobody to invite"):
        actions.invite_people(session, people.administrator, judged(session, *rows))
    assert session.scalar(select(func.count()).select_from(Person)) == before + 41
