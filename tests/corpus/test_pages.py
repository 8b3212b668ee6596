"""A page taken apart: what it says, what it is built of, what would run, and its forms."""

import pytest

from assetlib.corpus.client import Answer
from assetlib.corpus.pages import read_page
from assetlib.corpus.trying import judged, shown

PLAIN = "<main><h1>{}</h1><p title='{}'>words</p></main>"


def test_a_text_is_shown_when_it_stands_there_whole() -> None:
    page = read_page("<h1>a &lt;b&gt; &amp;amp;</h1><p title='x &quot;y&quot;'>two\n  words</p>")
    assert page.shows("a <b> &amp;")
    assert page.shows('x "y"')
    assert page.shows("two words")
    assert not page.shows("other")


@pytest.mark.parametrize(
    "injected",
    [
        "<script>1</script>",
        "<b onclick='x()'>c</b>",
        "<a href='java&#10;script:x()'>c</a>",
        "<iframe></iframe>",
        "<p class='new'>c</p>",
        "<svg><set></set></svg>",
    ],
)
def test_what_got_in_is_found(injected: str) -> None:
    plain = read_page(PLAIN.format("harmless", "harmless"))
    assert read_page(PLAIN.format(injected, "")).strange_to(plain)


def test_one_more_of_what_runs_is_found_where_some_belongs_there() -> None:
    plain = read_page("<script src='/static/app.js'></script><p>a</p>")
    assert read_page("<script src='/static/app.js'></script><p>b</p>").strange_to(plain) == []
    grown = read_page("<script src='/static/app.js'></script><p><script src='/x'></script></p>")
    assert grown.strange_to(plain) == ["one more <script>"]


def test_escaped_texts_are_not_strange() -> None:
    plain = read_page(PLAIN.format("harmless", "harmless"))
    assert (
        read_page(PLAIN.format("&lt;script&gt;1&lt;/script&gt;", "&quot; onclick=x")).strange_to(plain) == []
    )


def test_a_form_holds_its_fields_as_a_browser_would_send_them() -> None:
    (form,) = read_page(
        "<form method='POST' action='/go'><input type='hidden' name='h' value='1'>"
        "<input name='t' value='a&lt;b'><textarea name='area'>\n\nsecond</textarea>"
        "<input type='checkbox' name='off' value='1'><input type='checkbox' name='on' value='1' checked>"
        "<select name='s'><option value='1'><option value='2' selected></select></form>"
        "<input name='outside'>"
    ).forms
    assert (form.action, form.method) == ("/go", "post")
    assert form.fields == [("h", "1"), ("t", "a<b"), ("area", "\nsecond"), ("on", "1"), ("s", "2")]
    assert form.typed == ["t", "area"]


def _answer(status: int, body: str = "", kind: str = "text/html") -> Answer:
    return Answer(status, {"content-type": kind}, body.encode())


def test_a_string_is_kept_refused_or_at_fault() -> None:
    refusal = _answer(422, '{"detail": "Use fewer characters."}', "application/problem+json")
    assert judged("f", _answer(200)).outcome == "kept"
    assert judged("f", refusal).outcome == "refused"
    assert judged("f", _answer(200), kept=False).fault == "is altered"
    assert judged("f", _answer(422)).fault == "is refused without a sentence"
    assert judged("f", _answer(500)).fault == "gives 500"
    assert judged("f", _answer(403)).outcome == "fault"


def test_a_page_that_does_not_show_a_string_or_shows_more_is_at_fault() -> None:
    plain = [read_page(PLAIN.format("harmless", "harmless"))]
    whole = _answer(200, PLAIN.format("a &lt;b&gt;", ""))
    assert shown("f", whole, "a <b>", plain).outcome == "kept"
    assert shown("f", whole, "another", plain).fault == "does not show it"
    assert "holds" in shown("f", _answer(200, PLAIN.format("a <b>", "")), "a <b>", plain).fault
    assert shown("f", _answer(502), "a", plain).fault == "gives 502"
