"""What people may write. A text is kept exactly as it was typed, or refused with a sentence."""

from collections.abc import Sequence

from assetlib.words import say, together

LONGEST_TITLE = 300
LONGEST_TEXT = 20_000
LONGEST_TAG = 60
MOST_TAGS = 50
LONGEST_NOTE = 2_000
_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Marks of a direction for what follows. A script's own direction, and marks of one place, need none."""


def text_fault(value: object, most: int, *, required: bool = False) -> str | None:
    """Why a text of at most `most` characters cannot be kept, as a sentence; None when it can.

    Every character may stand in a text but two kinds that no database or page can carry: NUL, and half of a
    surrogate pair.
    """
    if not isinstance(value, str):
        return say("Write a text.")
    if required and not value.strip():
        return say("Write something here.")
    if len(value) > most:
        return say("Use at most {most} characters; these are {count}.", most=most, count=len(value))
    if "\0" in value:
        return say("This holds a NUL character, which cannot be kept. Remove it.")
    if any("\ud800" <= character <= "\udfff" for character in value):
        return say("This holds half a character, which cannot be kept. Type it again.")
    return None


def name_fault(value: object, most: int, *, required: bool = False) -> str | None:
    """The same of what something is called: a name stands within lines, and may not turn them round."""
    fault = text_fault(value, most, required=required)
    if fault is None and isinstance(value, str) and not _TURNING.isdisjoint(value):
        return say("This holds a hidden character that turns the line round. Type it again without it.")
    return fault


def tags_fault(tags: object) -> str | None:
    """Why these tags cannot be kept, as a sentence; None when they can."""
    if not isinstance(tags, Sequence) or isinstance(tags, str):
        return say("Give a list of tags.")
    if len(tags) > MOST_TAGS:
        return say("Use at most {most} tags; these are {count}.", most=MOST_TAGS, count=len(tags))
    for tag in tags:
        fault = name_fault(tag, LONGEST_TAG, required=True)
        if fault is not None:
            too_long = isinstance(tag, str) and len(tag) > LONGEST_TAG and text_fault(tag[:30], 30) is None
            if too_long:
                return together(say("A tag ({tag}…) cannot be kept.", tag=tag[:30]), fault)
            return together(say("A tag cannot be kept."), fault)
    return None


def without_repeats(values: Sequence[str]) -> list[str]:
    """The same values, each once, in the order in which they were given."""
    return list(dict.fromkeys(values))


def same_tag(tag: str) -> str:
    """What tags have in common that are one: capitals make no other tag."""
    return tag.lower()


def tags_once(tags: Sequence[str]) -> list[str]:
    """The same tags, each once, in the order in which they were given; the first spelling of each stays."""
    first: dict[str, str] = {}
    for tag in tags:
        first.setdefault(same_tag(tag), tag)
    return list(first.values())
