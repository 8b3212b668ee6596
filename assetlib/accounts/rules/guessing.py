"""Passwords that are tried first: common ones, doubled ones, rows of keys, what is known of the person."""

from collections.abc import Collection

from zxcvbn import zxcvbn

LOOKED_AT = 72
"""Characters from the front; what is hard to guess so far is not made easier by more."""
SHORTEST_WORD = 3
FEWEST_OWN_LETTERS = 4
"""That a password has beside what is known of the person: one of names and a year is no password."""
FEWEST_GUESSES = 10**8
"""As many as a thief of hashes tries in some weeks, against a hash that is slow on purpose."""


def is_guessed_first(password: str, known: Collection[str]) -> bool:
    """Whether so few guesses would do, by somebody who has lists of words and knows this of the person."""
    words = {each.casefold() for each in known if len(each) >= SHORTEST_WORD}
    left = password.casefold()
    for word in sorted(words, key=len, reverse=True):
        left = left.replace(word, "")
    if sum(each.isalpha() for each in left) < FEWEST_OWN_LETTERS and len(left) < len(password):
        return True
    found = zxcvbn(password[:LOOKED_AT], user_inputs=[each for each in known if each])
    return bool(found["guesses"] < FEWEST_GUESSES)
