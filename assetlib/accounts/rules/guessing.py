"""Passwords that are tried first: common ones, doubled ones, rows of keys, what is known of the person."""

from collections.abc import Iterable

from zxcvbn import zxcvbn

LOOKED_AT = 72
"""Characters from the front; what is hard to guess so far is not made easier by more."""
FEWEST_GUESSES = 10**8
"""As many as a thief of hashes tries in some weeks, against a hash that is slow on purpose."""


def is_guessed_first(password: str, known: Iterable[str]) -> bool:
    """Whether so few guesses would do, by somebody who has lists of words and knows this of the person."""
    found = zxcvbn(password[:LOOKED_AT], user_inputs=[each for each in known if each])
    return bool(found["guesses"] < FEWEST_GUESSES)
