"""What people may write into the reference data."""

from assetlib.words import say

LONGEST_NAME = 200
LONGEST_NOTE = 2_000


def text_fault(text: str, most: int, *, required: bool = False, lines: bool = False) -> str:
    """Why a text of at most `most` characters cannot be kept, as a sentence; nothing when it can.

    `lines`: it may have several.
    """
    if required and not text.strip():
        return say("Write something here.")
    if len(text) > most:
        return say("Use at most {most} characters; these are {count}.", most=most, count=len(text))
    allowed = "\n\r\t" if lines else ""
    if any((each < " " and each not in allowed) or "\ud800" <= each <= "\udfff" for each in text):
        return say("This holds a character that cannot be kept. Type it again.")
    return ""
