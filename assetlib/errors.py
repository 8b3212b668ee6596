"""How the house says no.

Every refusal is one of five kinds. A domain subclasses a kind, gives it a stable `code`, and says one
sentence that a person can act on; facts that a program may want go into `details`. Kinds become HTTP
statuses in one place, `http_status.py`.
"""

from typing import Any, ClassVar


class Refusal(Exception):
    """Something was not done, for a reason that can be told."""

    code: ClassVar[str] = "refused"

    def __init__(self, sentence: str, **details: Any) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.details = details


class NotFound(Refusal):
    """There is no such thing, or it may not be known to this actor."""

    code = "not_found"


class NotAllowed(Refusal):
    """The thing is known to the actor, the act is not open to them."""

    code = "not_allowed"


class Invalid(Refusal):
    """What was sent cannot be taken. `details["fields"]` maps a field's name to its own sentence."""

    code = "invalid"


class Conflict(Refusal):
    """It was fine to ask, but the thing has moved on."""

    code = "conflict"


class Unavailable(Refusal):
    """Not now: a service is away or a limit is reached. `details["retry_after"]` is in seconds."""

    code = "unavailable"


KINDS: tuple[type[Refusal], ...] = (NotFound, NotAllowed, Invalid, Conflict, Unavailable)
