import copy
import pickle
from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from assetlib.calendar import Day, Moment
from assetlib.measures import Size
from assetlib.words import Said, kept, recalled, say, say_as, say_n, together

TODAY = date(2026, 11, 24)
NEEDED = say("{label} is required.", label="Headline")
SENTENCES = [
    say("Sign in first."),
    say("There is no role {roles}.", roles=["pilot", "navigator"]),
    say_n("{count} asset lies in {name}.", "{count} assets lie in {name}.", 1_250, name="Spring {draft}"),
    say_as("verb", "Open"),
    say("Not yet: {reason}", reason=NEEDED),
    say(
        "From {day} on, {moment}.",
        day=Day(TODAY, TODAY),
        moment=Moment(datetime(2027, 9, 1, tzinfo=UTC), TODAY),
    ),
    say("At most {size}, {share} of it.", size=Size(5_000_000_000), share=Decimal("12.5")),
]


def test_it_reads_as_the_english_sentence() -> None:
    assert SENTENCES == [
        "Sign in first.",
        "There is no role pilot, navigator.",
        "1,250 assets lie in Spring {draft}.",
        "Open",
        "Not yet: Headline is required.",
        "From 24 Nov on, 1 Sep 2027, 00:00 UTC.",
        "At most 5 GB, 12.5 of it.",
    ]
    assert say_n("{count} try left.", "{count} tries left.", 1) == "1 try left."


@pytest.mark.parametrize("said", SENTENCES)
@pytest.mark.parametrize(
    "way",
    [
        copy.copy,
        copy.deepcopy,
        lambda said: pickle.loads(pickle.dumps(said)),
        lambda said: recalled(kept(said)),
    ],
    ids=["copied", "copied with all in it", "pickled", "kept in a column"],
)
def test_it_keeps_its_pattern_and_values_when_it_is(way: object, said: Said) -> None:
    again = way(said)  # type: ignore[operator]
    assert again == said
    assert isinstance(again, Said)
    parts = ("pattern", "values", "plural", "number", "context")
    assert [getattr(again, part) for part in parts] == [getattr(said, part) for part in parts]


def test_text_without_values_is_kept_as_it_is() -> None:
    for text in ("", "{label}", '{"say', "Dusk over the delta"):
        assert recalled(kept(text)) == text


def test_it_is_told_in_another_language_with_all_that_is_in_it() -> None:
    book = {"Not yet: {reason}": "Noch nicht: {reason}", "{label} is required.": "{label} wird gebraucht."}
    told = SENTENCES[4].told(lambda said: book[said.pattern], str)
    assert told == "Noch nicht: Headline wird gebraucht."


def test_a_day_that_ends_with_a_full_stop_ends_the_sentence() -> None:
    ended = say("The rights ended on {day}. Look for another one.", day=Day(date(2026, 11, 11), TODAY))
    german = ended.told(lambda said: said.pattern, lambda value: value.written("de"))
    assert german == "The rights ended on 11. Nov. Look for another one."
    assert say("{name}. {name}", name="Etc.") == "Etc.. Etc.", "what somebody wrote stays as it is"


def test_sentences_stand_one_after_the_other() -> None:
    both = together(say("Sign in first."), "", NEEDED)
    assert both == "Sign in first. Headline is required."
    assert isinstance(both, Said)
    assert together("", NEEDED) is NEEDED
    assert together("") == ""


def test_a_moment_is_told_in_the_readers_zone() -> None:
    moment = Moment(datetime(2026, 11, 24, 23, 30, tzinfo=UTC), TODAY)
    assert moment.written() == "24 Nov, 23:30 UTC"
    assert moment.written("de", ZoneInfo("Europe/Berlin")) == "25. Nov., 00:30 CET"


@pytest.mark.parametrize(
    ("count", "english", "german"),
    [
        (1, "1 byte", "1 Byte"),
        (999, "999 bytes", "999 Byte"),
        (1_500, "1.5 kB", "1,5 kB"),
        (48_000_000, "48 MB", "48 MB"),
        (1_234_500_000_000_000, "1,234 TB", "1.234 TB"),
    ],
)
def test_sizes_are_written_as_the_reader_writes_them(count: int, english: str, german: str) -> None:
    assert (Size(count).written(), Size(count).written("de")) == (english, german)
