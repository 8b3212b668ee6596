"""What every search index keeps to. A keeper subclasses this and gives an empty `index`."""

from datetime import timedelta

from assetlib.search.index import SearchIndex
from assetlib.search.request import Access, Suggestion
from tests.search.contract_finding import FindingContract
from tests.search.documents import (
    DAY,
    EVERYTHING,
    NOW,
    OWN_PERSON,
    agency,
    counts,
    document,
    find,
    ids,
    partner,
)
from tests.search.schema import TODAY


class SearchIndexContract(FindingContract):
    # Access

    def test_who_sees_what(self, index: SearchIndex) -> None:
        index.replace(
            [
                document(1, published=True, organisation_id=2, collections=(5,)),
                document(2, published=False, organisation_id=2, collections=(5,)),
                document(3, published=True, organisation_id=3),
                document(4, published=True, embargo_until=NOW + 1, collections=(5,)),
                document(5, published=True, embargo_until=NOW),
                document(6, published=True, deleted=True, organisation_id=2, collections=(5,)),
            ]
        )
        assert set(ids(index)) == {1, 2, 3, 4, 5}
        assert set(ids(index, access=OWN_PERSON)) == {1, 3, 5}
        assert set(ids(index, access=agency(2))) == {1, 2}
        assert set(ids(index, access=agency(3, 5))) == {1, 3}
        assert set(ids(index, access=partner(9, 5))) == {1}
        assert ids(index, access=partner(2)) == []
        later = Access(NOW + 1, TODAY, published=None, only_granted=False)
        assert set(ids(index, access=later)) == {
            1,
            3,
            4,
            5,
        }

    def test_an_embargo_ends_for_whoever_asks_again(self, index: SearchIndex) -> None:
        index.replace([document(1, "Lake", embargo_until=NOW + 5)])
        for moment, seen in ((NOW, []), (NOW + 4, []), (NOW + 5, [1]), (NOW + 9, [1]), (NOW, [])):
            asker = Access(moment, TODAY, published=None, only_granted=False)
            assert ids(index, "lake", asker) == seen
            assert len(index.suggest("lak", asker)) == len(seen)
        tomorrow = Access(NOW + DAY, TODAY + timedelta(days=1), published=None, only_granted=False)
        assert ids(index, "is:published", tomorrow) == [1]

    def test_a_secret_is_in_no_answer(self, index: SearchIndex) -> None:
        index.replace(
            [
                document(1, "Open water", tags=("lake",), keywords={"type": ("photo",)}),
                document(2, "Zephyrine launch", tags=("zephyrine",), published=False),
            ]
        )
        for text in ("zephyrine", "zephyrin", "zeph*", "phyri", "zephyrune", '"zephyrine launch"'):
            answer = find(index, text, OWN_PERSON, facets=("tag", "type", "state"))
            assert answer.total == 0
            assert all(not values for values in answer.facets.values())
        assert index.suggest("zeph", OWN_PERSON) == ()
        assert index.did_you_mean(["zephyrune"], OWN_PERSON) == ()
        assert index.did_you_mean(["zephyrune"], EVERYTHING)[0].instead == "zephyrine"
        assert counts(index, "tag", access=OWN_PERSON) == {"lake": 1}

    # Suggestions and corrections

    def test_suggestions_complete_titles_tags_and_values(self, index: SearchIndex) -> None:
        index.replace(
            [
                document(1, "Ridge hikers", tags=("Ridge",), texts={"attr.product": ("Ridgeline jacket",)}),
                document(2, "Lake", tags=("ridge",), texts={"description": ("ridge",)}),
            ]
        )
        assert index.suggest("ridg", EVERYTHING) == (
            Suggestion("tags", "Ridge", 2),
            Suggestion("attr.product", "Ridgeline jacket", 1),
            Suggestion("title", "Ridge hikers", 1),
        )
        assert index.suggest("hik rid", EVERYTHING) == (Suggestion("title", "Ridge hikers", 1),)
        assert index.suggest("ridg", EVERYTHING, limit=1) == (Suggestion("tags", "Ridge", 2),)
        assert index.suggest(" ", EVERYTHING) == ()

    def test_corrections_name_the_nearest_known_word(self, index: SearchIndex) -> None:
        index.replace([document(1, "Mountain night"), document(2, "Night"), document(3, "Nihil")])
        (found,) = index.did_you_mean(["muontaim", "night", "ab", "1234"], EVERYTHING)
        assert (found.word, found.instead, found.count) == ("muontaim", "mountain", 1)

    # Changes

    def test_a_change_is_seen_at_once_and_has_a_generation(self, index: SearchIndex) -> None:
        before = index.generation
        index.replace([document(1, "Lake"), document(2, "Lake")])
        between = index.generation
        assert ids(index, "lake") == [2, 1]
        index.replace([document(1, "Ridge")])
        assert ids(index, "lake") == [2]
        assert ids(index, "ridge") == [1]
        index.remove([2, 99])
        assert ids(index) == [1]
        assert len({before, between, index.generation}) == 3

    def test_replacing_twice_at_once_keeps_the_last(self, index: SearchIndex) -> None:
        index.replace([document(1, "Lake"), document(1, "Ridge")])
        assert ids(index) == [1]
        assert ids(index, "ridge") == [1]

    def test_fingerprints_tell_what_is_inside(self, index: SearchIndex) -> None:
        one, two = document(1, "Lake", width=3), document(2, "Zoë's   lake\u2028x", tags=("a", "b"))
        index.replace([one, two])
        assert index.fingerprints() == {1: one.fingerprint, 2: two.fingerprint}
        index.remove([1])
        assert index.fingerprints() == {2: two.fingerprint}
        assert index.check() == ()

    def test_a_rebuild_switches_at_once_and_tells_what_changed_meanwhile(self, index: SearchIndex) -> None:
        index.replace([document(1, "Old"), document(2, "Old")])
        rebuild = index.begin_rebuild()
        rebuild.add([document(1, "New")])
        rebuild.add([document(3, "New")])
        assert ids(index, "old") == [2, 1]
        index.replace([document(4, "Late")])
        index.remove([2])
        assert set(ids(index)) == {1, 4}
        before = index.generation
        assert rebuild.finish() == {2, 4}
        assert index.generation != before
        assert ids(index) == [3, 1]
        assert ids(index, "new") == [3, 1]
        assert index.check() == ()

    def test_an_abandoned_rebuild_changes_nothing(self, index: SearchIndex) -> None:
        index.replace([document(1, "Old")])
        rebuild = index.begin_rebuild()
        rebuild.add([document(2, "New")])
        rebuild.abandon()
        assert ids(index) == [1]
        again = index.begin_rebuild()
        again.add([document(3, "New")])
        assert again.finish() == frozenset()
        assert ids(index) == [3]

    def test_odd_text_goes_in_and_comes_back(self, index: SearchIndex) -> None:
        odd = ("\x00\x1e", "\ud800", "🏔️ peak", "a" * 500, "\u202eabc", "<script>", "ﬁne", "İ")
        index.replace([document(n, text, tags=(text,)) for n, text in enumerate(odd, 1)])
        assert len(ids(index)) == len(odd)
        assert ids(index, "peak") == [3]
        assert ids(index, "fine") == [7]
        assert index.check() == ()
