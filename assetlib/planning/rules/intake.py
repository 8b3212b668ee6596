"""Forms by which people ask marketing for something: pure rules over plain values."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from assetlib.catalog.rules.texts import LONGEST_NOTE, name_fault, text_fault
from assetlib.planning.errors import WrongPlanning
from assetlib.words import say

MAKES = {"task": say("A task"), "deliverable": say("A deliverable")}
KINDS = {
    "text": say("A line of text"),
    "long_text": say("A longer text"),
    "number": say("A whole number"),
    "date": say("A day"),
    "choice": say("One of several"),
}
MOST_QUESTIONS = 20
MOST_CHOICES = 50
LONGEST_NAME = 200
LONGEST_LINE = 500
FURTHEST = timedelta(days=2 * 366)
NOT_SAVED = say("The form was not saved. Look at the marked fields.")
NOT_SENT = say("This was not sent. Look at the marked fields.")
_NUMBER = re.compile(r"[0-9]{1,12}")


@dataclass(frozen=True)
class Question:
    """One question of a form. `choices` are those of a choice, in their order."""

    key: str
    label: str
    kind: str = "text"
    required: bool = False
    choices: Sequence[str] = ()

    def to_json(self) -> dict[str, Any]:
        return {
            "key": self.key,
            "label": self.label,
            "kind": self.kind,
            "required": self.required,
            "choices": list(self.choices),
        }


def questions_in(fields: Sequence[Mapping[str, Any]]) -> list[Question]:
    """The questions that a form keeps."""
    return [
        Question(each["key"], each["label"], each["kind"], each["required"], tuple(each["choices"]))
        for each in fields
    ]


def numbered(questions: Sequence[Question], held: Sequence[Question]) -> list[Question]:
    """The same questions with keys: one that was there keeps its own, a new one gets the next that is free.

    A question without a label is none; one whose key the form does not have counts as new.
    """
    known = {each.key for each in held}
    last = max((int(each.key[1:]) for each in held), default=0)
    numbered_ones = []
    for each in questions:
        if not each.label.strip():
            continue
        key = each.key
        if key not in known:
            last, key = last + 1, f"q{last + 1}"
        known.discard(key)
        numbered_ones.append(
            Question(
                key,
                each.label.strip(),
                each.kind,
                each.required,
                tuple(dict.fromkeys(choice.strip() for choice in each.choices if choice.strip()))
                if each.kind == "choice"
                else (),
            )
        )
    return numbered_ones


def must_be_form(*, name: str, description: str, makes: str, questions: Sequence[Question]) -> None:
    """Nothing, or `WrongPlanning` with a sentence per field; a question is `question-` and its key."""
    faults: dict[str, str] = {}
    if fault := name_fault(name, LONGEST_NAME, required=True):
        faults["name"] = fault if name.strip() else say("Give the form a name.")
    if fault := text_fault(description, LONGEST_NOTE):
        faults["description"] = fault
    if makes not in MAKES:
        faults["makes"] = say("Choose what a request becomes.")
    if len(questions) > MOST_QUESTIONS:
        faults["questions"] = say("Ask at most {most} questions; these are {count}.", most=MOST_QUESTIONS,
                                  count=len(questions))  # fmt: skip
    for each in questions:
        if fault := _question_fault(each):
            faults[f"question-{each.key}"] = fault
    if faults:
        raise WrongPlanning(NOT_SAVED, fields=faults)


def _question_fault(question: Question) -> str | None:
    if fault := name_fault(question.label, LONGEST_NAME, required=True):
        return fault
    if question.kind not in KINDS:
        return say("Choose how it is answered.")
    if question.kind != "choice":
        return None
    if len(question.choices) < 2:
        return say("Write at least two answers to choose from, a line each.")
    if len(question.choices) > MOST_CHOICES:
        return say("Offer at most {most} answers.", most=MOST_CHOICES)
    return next((fault for each in question.choices if (fault := name_fault(each, LONGEST_NAME))), None)


def must_be_asked(
    *,
    title: str,
    needed_by: datetime | None,
    now: datetime,
    questions: Sequence[Question],
    answers: Mapping[str, str],
) -> dict[str, Any]:
    """What is kept of the answers: key → its label and what was answered. Or `WrongPlanning`, as above."""
    faults: dict[str, str] = {}
    if fault := name_fault(title, LONGEST_NAME, required=True):
        faults["title"] = fault if title.strip() else say("Say in a few words what you need.")
    if needed_by is None:
        faults["needed_by"] = say("Choose the day by which you need it.")
    elif not now < needed_by <= now + FURTHEST:
        faults["needed_by"] = say("Choose a day that is still to come, within two years.")
    kept = {}
    for each in questions:
        answer = answers.get(each.key, "").strip()
        if fault := _answer_fault(each, answer):
            faults[f"answer-{each.key}"] = fault
        elif answer:
            kept[each.key] = {"label": each.label, "kind": each.kind, "answer": answer}
    if faults:
        raise WrongPlanning(NOT_SENT, fields=faults)
    return kept


def _answer_fault(question: Question, answer: str) -> str | None:
    if not answer:
        return say("Answer this.") if question.required else None
    match question.kind:
        case "text":
            return text_fault(answer, LONGEST_LINE)
        case "number" if _NUMBER.fullmatch(answer) is None:
            return say("Write a whole number, in digits only.")
        case "date" if _day(answer) is None:
            return say("Choose a day.")
        case "choice" if answer not in question.choices:
            return say("Choose one of the answers.")
    return text_fault(answer, LONGEST_NOTE)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def must_say_why(reason: str) -> None:
    """Nothing, or `WrongPlanning` where somebody declines without a word."""
    fault = text_fault(reason, LONGEST_NOTE, required=True)
    if fault:
        sentence = fault if reason.strip() else say("Say why, so that they know what to do next.")
        raise WrongPlanning(NOT_SENT, fields={"answer": sentence})
