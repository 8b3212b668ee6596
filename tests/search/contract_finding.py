"""What every search index finds, counts, sorts and explains; the first half of `contract.py`."""

from dataclasses import replace
from datetime import timedelta

import pytest

from assetlib.search.index import SearchIndex
from assetlib.search.request import Access, Part, Why
from tests.search.documents import (
    DAY,
    EVERYTHING,
    NOW,
    counts,
    document,
    find,
    ids,
)
from tests.search.schema import TODAY


class FindingContract:
    @pytest.fixture
    def index(self) -> SearchIndex:
        raise NotImplementedError

    # Words

    def test_an_empty_index_answers(self, index: SearchIndex) -> None:
        assert find(index, "anything", facets=("type",)).total == 0
        assert index.suggest("a", EVERYTHING) == ()
        assert index.did_you_mean(["night"], EVERYTHING) == ()

    def test_all_words_must_match_in_any_field(self, index: SearchIndex) -> None:
        index.replace([document(1, "Ridge hikers", tags=("dawn",)), document(2, "Ridge lake")])
        assert ids(index, "ridge dawn") == [1]
        assert ids(index, "ridge") == [2, 1]

    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("ridge OR lake", {1, 2, 3}),
            ("-lake", {1, 4}),
            ("ridge -lake", {1}),
            ('"first light"', {3}),
            ('"light first"', set()),
            ("first light", {3, 4}),
            ("-(ridge OR light)", set()),
            ("(ridge lake) OR light", {2, 3, 4}),
        ],
    )
    def test_or_exclusion_brackets_and_phrases(
        self, index: SearchIndex, text: str, expected: set[int]
    ) -> None:
        index.replace(
            [
                document(1, "Ridge"),
                document(2, "Ridge at the lake"),
                document(3, "First light, lake"),
                document(4, "Light comes first"),
            ]
        )
        assert set(ids(index, text)) == expected

    def test_a_phrase_never_spans_two_values_or_fields(self, index: SearchIndex) -> None:
        index.replace([document(1, "red", tags=("jacket", "blue tent"))])
        assert ids(index, '"red jacket"') == []
        assert ids(index, '"jacket blue"') == []
        assert ids(index, '"blue tent"') == [1]

    @pytest.mark.parametrize(
        ("title", "text"),
        [
            ("Finland", "land"),
            ("Café", "cafe"),
            ("Jäger", "jaeger"),
            ("Jaeger", "jäger"),
            ("two jackets", "jacket"),
            ("one jacket", "jackets"),
            ("東京都の夜", "東京"),
            ("東京都の夜", "京"),
            ("أحمد", "احمد"),
            ("Ridgeline", "ridg*"),
            ("IMG_2041", "2041"),
            ("Night sky", "nihgt"),
            ("Night sky", "nights"),
        ],
    )
    def test_spellings_middles_and_typos(self, index: SearchIndex, title: str, text: str) -> None:
        index.replace([document(1, title), document(2, "Unrelated")])
        assert ids(index, text) == [1]

    @pytest.mark.parametrize("text", ["nit*", "light", "nigt sky", "ight*"])
    def test_what_is_too_far_is_not_found(self, index: SearchIndex, text: str) -> None:
        index.replace([document(1, "Night"), document(2, "Sky")])
        assert ids(index, text) == []

    def test_a_known_word_is_not_watered_down(self, index: SearchIndex) -> None:
        index.replace(
            [document(1, "Night"), document(2, "Nights"), document(3, "Nighty"), document(4, "Nigat")]
        )
        assert 4 not in ids(index, "night")
        assert set(ids(index, "nigot")) == {1, 2, 4}

    def test_excluding_a_word_excludes_only_that_word(self, index: SearchIndex) -> None:
        index.replace([document(1, "Finland"), document(2, "Land")])
        assert ids(index, "-land") == [1]

    def test_words_of_one_field(self, index: SearchIndex) -> None:
        index.replace(
            [
                document(1, "Tent", texts={"description": ("by the lake",)}),
                document(2, "Lake", texts={"attr.people": ("Ana Ruiz", "Bo Lind")}),
            ]
        )
        assert ids(index, "title:lake") == [2]
        assert ids(index, "description:lake") == [1]
        assert ids(index, 'people:"ana ruiz"') == [2]
        assert ids(index, "people:lin") == [2]

    def test_a_very_common_beginning_is_cut_with_a_note(self, index: SearchIndex) -> None:
        index.replace([document(n, f"common qu{n:04}x") for n in range(1, 1102)])
        assert find(index, "qu0*", size=1).total == 999
        assert find(index, "qu0*", size=1).notes == ()
        answer = find(index, "qu*", size=1)
        assert answer.total == 1000
        assert "1,000 most frequent" in answer.notes[0]
        assert 1101 not in ids(index, "qu*", size=96)
        assert find(index, "common qu1*", size=1).total == 102

    # Filters, ranges, facets

    def test_keywords_ignore_case_and_choices_widen(self, index: SearchIndex) -> None:
        index.replace(
            [
                document(1, keywords={"type": ("photo",), "format": ("JPEG",)}),
                document(2, keywords={"type": ("logo",), "format": ("SVG",)}),
                document(3, keywords={"type": ("photo",), "format": ("PNG",)}),
            ]
        )
        assert set(ids(index, "format:jpg,svg")) == {1, 2}
        assert ids(index, "type:photo -format:jpeg") == [3]

    def test_ranges(self, index: SearchIndex) -> None:
        index.replace([document(1, width=100), document(2, width=3000), document(3, width=9000), document(4)])
        assert set(ids(index, "width:>=3000")) == {2, 3}
        assert ids(index, "width:<3000") == [1]
        assert set(ids(index, "width:100..3000")) == {1, 2}
        assert set(ids(index, "-width:>0")) == {4}

    def test_a_rights_window_must_be_covered_whole(self, index: SearchIndex) -> None:
        day = TODAY.replace
        index.replace(
            [
                document(
                    1, begins=day(year=2026, month=1, day=1), ends=day(month=12, day=31), has_right=True
                ),
                document(2, begins=day(year=2026, month=3, day=1), has_right=True),
                document(3, has_right=True),
                document(4),
            ]
        )
        assert set(ids(index, "rights:2026-02..2026-06")) == {1, 3}
        assert set(ids(index, "rights:2026-03..2027-06")) == {2, 3}

    def test_facets_count_what_matches_and_ignore_their_own_choice(self, index: SearchIndex) -> None:
        index.replace(
            [
                document(1, "Lake", keywords={"type": ("photo",), "format": ("JPEG",)}),
                document(2, "Lake", keywords={"type": ("photo",), "format": ("PNG",)}),
                document(3, "Lake", keywords={"type": ("logo",), "format": ("PNG",)}),
                document(4, "Tent", keywords={"type": ("video",), "format": ("MP4",)}),
            ]
        )
        answer = find(index, "lake type:photo", facets=("type", "format"))
        assert answer.total == 2
        assert [(c.value, c.count, c.selected) for c in answer.facets["type"]] == [
            ("photo", 2, True),
            ("logo", 1, False),
        ]
        assert counts(index, "format", "lake type:photo") == {"JPEG": 1, "PNG": 1}
        assert counts(index, "format", "lake type:photo format:png") == {"JPEG": 1, "PNG": 1}
        assert counts(index, "format", "lake -format:png") == {"JPEG": 1}
        assert counts(index, "type", "tent type:logo") == {"video": 1, "logo": 0}

    def test_a_value_in_two_spellings_is_counted_once(self, index: SearchIndex) -> None:
        index.replace([document(1, tags=("Trail", "trail")), document(2, tags=("trail",))])
        assert counts(index, "tag") == {"Trail": 2}
        index.replace([document(1, tags=("trail",))])
        assert counts(index, "tag") == {"trail": 2}

    def test_rights_follow_the_day(self, index: SearchIndex) -> None:
        def later(days: int) -> timedelta:
            return timedelta(days=days)

        index.replace(
            [
                document(1, has_right=True),
                document(2, has_right=True, ends=TODAY + later(30)),
                document(3, has_right=True, ends=TODAY + later(31)),
                document(4, has_right=True, ends=TODAY - later(1)),
                document(5, has_right=True, begins=TODAY + later(1)),
                document(6, has_right=True, requires_request=True, ends=TODAY + later(2)),
                document(7),
                document(8, has_right=True, ends=TODAY),
                document(9, has_right=True, published=True, embargo_until=NOW + 1),
                document(10, has_right=True, published=True, embargo_until=NOW + 1, ends=TODAY - later(1)),
            ]
        )
        assert counts(index, "can_use") == {"cleared": 4, "expiring": 2, "needs_request": 1}
        assert counts(index, "rights_state") == {
            "cleared": 2,
            "expiring": 2,
            "ask": 1,
            "ended": 2,
            "embargoed": 1,
            "not_yet": 1,
            "unknown": 1,
        }
        assert set(ids(index, "use:cleared")) == {1, 2, 3, 8}
        assert set(ids(index, "is:expiring")) == {2, 8}
        let_in = replace(EVERYTHING, assets=frozenset({4, 6}))
        assert counts(index, "can_use", access=let_in) == {"cleared": 5, "expiring": 2}
        assert set(ids(index, "use:cleared", let_in)) == {1, 2, 3, 6, 8}
        assert counts(index, "can_use") == {"cleared": 4, "expiring": 2, "needs_request": 1}
        tomorrow = Access(NOW + DAY, TODAY + later(1), everything=None)
        assert set(ids(index, "use:cleared", tomorrow)) == {1, 2, 3, 5, 9}
        assert set(ids(index, "is:ended", tomorrow)) == {4, 8, 10}

    def test_flags(self, index: SearchIndex) -> None:
        index.replace(
            [
                document(1, uses=3, keywords={"is": ("approved",), "has": ("alt_text",)}),
                document(2, uses=0, embargo_until=NOW + 1),
                document(3, published=False),
            ]
        )
        assert set(ids(index, "is:unused")) == {2, 3}
        assert ids(index, "is:approved") == [1]
        assert ids(index, "is:published") == [1]
        assert ids(index, "is:embargoed") == [2]
        assert ids(index, "has:alt-text") == [1]

    def test_collections_and_numbers(self, index: SearchIndex) -> None:
        index.replace(
            [document(40, collections=(9,)), document(41, collections=(3, 7)), document(42, collections=(3,))]
        )
        assert ids(index, "~trails") == [41, 40]
        assert ids(index, "-~trails") == [42]
        assert ids(index, "~3") == []
        assert ids(index, "~=3") == []
        assert ids(index, "id:AST-00042") == [42]

    # Order and pages

    @pytest.mark.parametrize(
        ("sort", "expected"),
        [
            ("newest", [2, 3, 1, 4]),
            ("used", [1, 3, 2, 4]),
            ("name", [3, 1, 2, 4]),
            ("expiry", [3, 1, 4, 2]),
            ("approved", [1, 4, 3, 2]),
            ("relevance", [4, 3, 2, 1]),
        ],
    )
    def test_sorting(self, index: SearchIndex, sort: str, expected: list[int]) -> None:
        index.replace(
            [
                document(1, "ähre", created=10, uses=9, ends=TODAY + timedelta(days=1), approved=7),
                document(2, "Brücke", created=30, uses=0),
                document(3, "Ahorn", created=20, uses=5, ends=TODAY),
                document(4, "zelt", ends=TODAY + timedelta(days=9), approved=3),
            ]
        )
        assert ids(index, sort=sort) == expected

    def test_better_matches_come_first(self, index: SearchIndex) -> None:
        index.replace(
            [
                document(1, "Jacket"),
                document(2, "Tent", texts={"text": ("a jacket somewhere in it",)}),
                document(3, "Straitjacket"),
                document(4, "Jacket", tags=("jacket",)),
                document(5, "Tent"),
            ]
        )
        assert ids(index, "jacket") == [4, 1, 3, 2]

    def test_pages_cover_everything_once(self, index: SearchIndex) -> None:
        index.replace([document(n, "lake") for n in range(1, 8)])
        pages = [find(index, "lake", page=p, size=3) for p in (1, 2, 3, 4)]
        assert [[hit.id for hit in page.hits] for page in pages] == [[7, 6, 5], [4, 3, 2], [1], []]
        assert {page.total for page in pages} == {7}

    # Why

    def test_why_names_fields_and_marks_what_was_typed(self, index: SearchIndex) -> None:
        index.replace([document(1, "Ridgeline hikers", tags=("jackets",), texts={"text": ("no",)})])
        (hit,) = find(index, "ridge jacket").hits
        assert hit.why == (
            Why("title", (Part("Ridge", hit=True), Part("line hikers"))),
            Why("tags", (Part("jackets", hit=True),)),
        )

    def test_why_shows_a_piece_of_a_long_text(self, index: SearchIndex) -> None:
        index.replace(
            [document(1, "Guide", texts={"text": ("before " * 50 + "warm jacket" + " after" * 50,)})]
        )
        (hit,) = find(index, '"warm jacket"').hits
        (why,) = hit.why
        assert why.field == "text"
        assert Part("warm jacket", hit=True) in why.parts
        assert why.parts[0] == why.parts[-1] == Part("…")
        assert len("".join(p.text for p in why.parts)) < 100

    @pytest.mark.parametrize("before", ["word " * 9_000, "w" * 9_000 + " ", "x" * 1_995 + " "])
    def test_why_reads_long_texts_to_the_place(self, index: SearchIndex, before: str) -> None:
        index.replace([document(1, "Guide", texts={"text": (before + "warm jackets end",)})])
        for text, marked in (('"warm jacket"', "warm jackets"), ("jack*", "jack")):
            (hit,) = find(index, text).hits
            assert [part.text for part in hit.why[0].parts if part.hit] == [marked]

    def test_why_is_silent_without_words(self, index: SearchIndex) -> None:
        index.replace([document(1, "Ridge")])
        assert find(index, "-lake").hits[0].why == ()
