"""What a browser says of itself, in words that its owner knows again."""

import re

from assetlib.words import say

# The first that fits: many say that they are others too.
_BROWSERS = (
    ("Edg", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser", "Samsung Internet"), ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"), ("CriOS", "Chrome"), ("Chromium", "Chromium"), ("Chrome", "Chrome"),
    ("Safari", "Safari"), ("curl", "curl"), ("python", "Python"),
)  # fmt: skip
_MACHINES = (
    ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"),
    ("CrOS", "ChromeOS"), ("Mac OS X", "Mac"), ("Linux", "Linux"),
)  # fmt: skip


def browser_in_words(said: str) -> str:
    """Firefox on Windows; what cannot be known is left out."""
    browser = _first(said, _BROWSERS)
    machine = _first(said, _MACHINES)
    if browser and machine:
        return say("{browser} on {machine}", browser=browser, machine=machine)
    return browser or machine or say("Unknown browser")


def _first(said: str, known: tuple[tuple[str, str], ...]) -> str:
    return next((name for mark, name in known if re.search(mark, said, re.IGNORECASE)), "")
