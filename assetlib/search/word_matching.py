"""Plain words into nodes: whole, at the beginning, in the middle, with one typo forgiven."""

from assetlib.search import words
from assetlib.search.request import And, Fuzzy, Infix, Match, Node, Or, Phrase, Prefix

FORGIVEN_FROM = 5
INSIDE_FROM = 3


def words_of(
    text: str, field: str | None = None, *, prefix: bool = False, strict: bool = False
) -> Node | None:
    """All words of `text`; None when there is no word in it.

    `strict` looks for whole words only: what is excluded should be what was named. `prefix` says that the
    last word goes on.
    """
    found = list(words.tokens(text))
    parts: list[Node] = []
    at = 0
    while at < len(found):
        run = _run(found, at)
        last = run[-1] is found[-1]
        parts.append(_pairs(run, field) if run[0].paired else _word(run[0], field, prefix and last, strict))
        at += len(run)
    if not parts:
        return None
    return parts[0] if len(parts) == 1 else And(tuple(parts))


def phrase_of(text: str, field: str | None = None) -> Node | None:
    """The words of `text` side by side; None when there is no word in it."""
    found = list(words.tokens(text))
    if not found:
        return None
    if len(found) == 1:
        return _pairs(found, field) if found[0].paired else Match(found[0].forms, field)
    return Phrase(tuple(token.forms for token in found), field)


def _run(found: list[words.Token], at: int) -> list[words.Token]:
    """One word, or all pairs that follow from one another."""
    end = at + 1
    while (
        end < len(found)
        and found[at].paired
        and found[end].paired
        and found[end].start == found[end - 1].start + 1
    ):
        end += 1
    return found[at:end]


def _pairs(run: list[words.Token], field: str | None) -> Node:
    if len(run) > 1:
        return Phrase(tuple(token.forms for token in run), field)
    if len(run[0].forms[0]) == 1:
        return Or((Match(run[0].forms, field), Infix(run[0].forms[0], field)))
    return Match(run[0].forms, field)


def _word(token: words.Token, field: str | None, prefix: bool, strict: bool) -> Node:
    plain = token.forms[0]
    whole = Match(token.forms, field)
    if prefix and len(plain) > 1:
        return Prefix(plain, field)
    if strict or len(plain) == 1:
        return whole
    if len(plain) < INSIDE_FROM:
        return Or((whole, Prefix(plain, field)))
    if len(plain) < FORGIVEN_FROM or not plain.isalpha():
        return Or((whole, Infix(plain, field)))
    return Or((whole, Infix(plain, field), Fuzzy(plain, field)))
