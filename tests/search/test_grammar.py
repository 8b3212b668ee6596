"""The grammar of typed queries."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from assetlib.search.grammar import Either, Field, Group, Quoted, Without, Word, read, write


@pytest.mark.parametrize(
    ("text", "items"),
    [
        ("ridge lake", (Word("ridge"), Word("lake"))),
        ('"first light" dawn', (Quoted("first light"), Word("dawn"))),
        ("-rain", (Without(Word("rain")),)),
        ("NOT rain", (Without(Word("rain")),)),
        ("e-mail", (Word("e-mail"),)),
        ("a b OR c d", (Word("a"), Either((Word("b"), Word("c"))), Word("d"))),
        ("(a b) OR c", (Either((Group((Word("a"), Word("b"))), Word("c"))),)),
        ("-(a OR b)", (Without(Either((Word("a"), Word("b")))),)),
        ("type:photo", (Field("type", ("photo",)),)),
        ("Type:photo,logo", (Field("type", ("photo", "logo")),)),
        ('campaign:"Autumn Trails"', (Field("campaign", ("Autumn Trails",)),)),
        ('#"two words"', (Field("tag", ("two words",)),)),
        ("~trails", (Field("collection", ("trails",)),)),
        ('people:="Ana Ruiz"', (Field("people", ("Ana Ruiz",), exact=True),)),
        ("width:>=3000", (Field("width", (">=3000",)),)),
        ("rights:2026-01..2026-06", (Field("rights", ("2026-01..2026-06",)),)),
        ("-#old", (Without(Field("tag", ("old",))),)),
        ("ridg*", (Word("ridg", prefix=True),)),
        ('say:"a \\"b\\""', (Field("say", ('a "b"',)),)),
        ("", ()),
        ("OR AND - ( ) ) #", (Word("-"), Word("#"))),
    ],
)
def test_reading(text: str, items: tuple[object, ...]) -> None:
    assert read(text).items == items


def test_an_open_phrase_goes_to_the_end_and_says_so() -> None:
    tree = read('lake "first light')
    assert tree.items == (Word("lake"), Quoted("first light"))
    assert any("not closed" in note for note in tree.notes)


def test_limits_cut_and_say_so() -> None:
    assert len(read("a " * 90).items) == 64
    assert read("a " * 90).notes
    assert len(read("x" * 5000).items[0].text) == 1000  # type: ignore[union-attr]  # it is a word
    deep = read("(" * 30 + "a b" + ")" * 30 + " c")
    assert deep.notes
    assert deep.items[-1] == Word("c")
    stars = read(" ".join(f"ab{n}*" for n in range(12)))
    assert sum(isinstance(i, Word) and i.prefix for i in stars.items) == 8
    assert stars.notes


typed = st.lists(
    st.sampled_from(
        [
            "ridge",
            "-",
            "(",
            ")",
            '"',
            "OR",
            "NOT",
            "#",
            "~",
            "type:",
            "type:=",
            "a,b",
            "*",
            "\\",
            " ",
            "  ",
            ":",
            "é",
        ]
    )
    | st.text(max_size=4),
    max_size=14,
).map("".join)


@given(typed)
@example('a:"b')
@example("a:\\")
def test_what_is_written_is_read_the_same(text: str) -> None:
    items = read(text).items
    assert read(write(items)).items == items
