"""What a form may ask, and what an answer may be."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assetlib.planning.errors import WrongPlanning
from assetlib.planning.rules.intake import (
    KINDS,
    MOST_QUESTIONS,
    Question,
    must_be_asked,
    must_be_form,
    must_say_why,
    numbered,
    questions_in,
)

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
SOON = NOW + timedelta(days=14)
MARKET = Question("q1", "Market", "choice", required=True, choices=("Germany", "Norway"))


def asked(**changes: Any) -> dict[str, Any]:
    said: dict[str, Any] = {
        "title": "Window stickers",
        "needed_by": SOON,
        "now": NOW,
        "questions": (),
        "answers": {},
        **changes,
    }
    return must_be_asked(**said)


def faults_of(**changes: Any) -> dict[str, str]:
    with pytest.raises(WrongPlanning) as refused:
        asked(**changes)
    return dict(refused.value.details["fields"])


def form_faults(**changes: Any) -> dict[str, str]:
    said: dict[str, Any] = {
        "name": "Stickers",
        "description": "",
        "makes": "task",
        "questions": (),
        **changes,
    }
    with pytest.raises(WrongPlanning) as refused:
        must_be_form(**said)
    return dict(refused.value.details["fields"])


def test_a_form_needs_a_name_and_something_to_become() -> None:
    assert set(form_faults(name=" ", makes="wish")) == {"name", "makes"}
    must_be_form(name="Stickers", description="", makes="deliverable", questions=[MARKET])


@pytest.mark.parametrize(
    ("question", "said"),
    [
        (Question("q1", "Market", "choice", choices=("Germany",)), "at least two"),
        (Question("q1", "Market", "colour"), "Choose how"),
        (Question("q1", "x" * 201), "at most 200"),
    ],
)
def test_a_question_that_cannot_be_answered_is_refused_at_its_place(question: Question, said: str) -> None:
    assert said in form_faults(questions=[question])["question-q1"]


def test_a_form_asks_no_more_than_people_answer() -> None:
    many = [Question(f"q{number}", "Why") for number in range(MOST_QUESTIONS + 1)]
    assert "at most 20" in form_faults(questions=many)["questions"]


@pytest.mark.parametrize(
    ("kind", "answer", "said"),
    [
        ("number", "12.5", "whole number"),
        ("number", "twelve", "whole number"),
        ("date", "31.12.2026", "Choose a day"),
        ("choice", "Mars", "one of the answers"),
        ("text", "x" * 501, "at most 500"),
        ("long_text", "x" * 2_001, "at most"),
        ("text", "a\0b", "NUL"),
    ],
)
def test_an_answer_fits_its_question(kind: str, answer: str, said: str) -> None:
    question = Question("q1", "What", kind, choices=("Germany", "Norway"))
    assert said in faults_of(questions=[question], answers={"q1": answer})["answer-q1"]


def test_what_must_be_answered_is_and_the_rest_may_stay_empty() -> None:
    wish = Question("q2", "Wish", "text")
    assert set(faults_of(questions=[MARKET, wish], answers={"q1": "  "})) == {"answer-q1"}
    kept = asked(questions=[MARKET, wish], answers={"q1": "Norway", "q9": "not asked"})
    assert kept == {"q1": {"label": "Market", "kind": "choice", "answer": "Norway"}}


@pytest.mark.parametrize("day", [None, NOW, NOW - timedelta(days=1), NOW + timedelta(days=3 * 366)])
def test_it_is_needed_by_a_day_to_come(day: datetime | None) -> None:
    assert set(faults_of(needed_by=day, title="")) == {"needed_by", "title"}


def test_who_declines_says_why() -> None:
    must_say_why("The stickers of last year are still there.")
    with pytest.raises(WrongPlanning, match="not sent"):
        must_say_why("  ")


QUESTIONS = st.lists(
    st.builds(
        Question,
        st.sampled_from(["", "q1", "q2", "q7", "q99", "new-0"]),
        st.sampled_from(["Market", "Size", " ", ""]),
        st.sampled_from(sorted(KINDS)),
        st.booleans(),
        st.just(("a", "b")),
    ),
    max_size=8,
)


@given(QUESTIONS, st.lists(st.sampled_from(["q1", "q2", "q7"]), unique=True))
def test_a_question_keeps_its_key_for_ever_and_no_two_share_one(
    typed: list[Question], keys: list[str]
) -> None:
    held = [Question(key, "Market") for key in keys]
    found = numbered(typed, held)
    assert [each.label for each in found] == [each.label.strip() for each in typed if each.label.strip()]
    names = [each.key for each in found]
    assert len(set(names)) == len(names)
    new = [each.key for each in found if each.key not in keys]
    assert all(int(key[1:]) > max((int(each[1:]) for each in keys), default=0) for key in new)
    assert questions_in([each.to_json() for each in found]) == found
