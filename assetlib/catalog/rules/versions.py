"""What a new version has to bring."""

from collections.abc import Mapping

from assetlib.catalog.errors import WrongState
from assetlib.words import say, together

Held = tuple[str, int]
"""sha256 and size of a file."""


def must_bring_something_new(bytes_: Held, in_front: Mapping[int, Held]) -> None:
    """Refused where a version that people have in front of them holds these very bytes.

    `in_front`: number → bytes, of the newest version and the one in force. An older one may come back.
    """
    for number in sorted(in_front, reverse=True):
        if in_front[number] == bytes_:
            if number == max(in_front):
                same = say("These are the same bytes as version {number}, the newest.", number=number)
            else:
                same = say("These are the same bytes as version {number}, which is in force.", number=number)
            raise WrongState(together(same, say("Nothing was added.")), version=number)
