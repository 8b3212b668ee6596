"""Tell people that something happened: in the transaction in which it happens, or not at all."""

from collections.abc import Iterable

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from assetlib import clock
from assetlib.jobs import enqueue
from assetlib.notify.kinds import KINDS
from assetlib.notify.models import Notice
from assetlib.words import kept

LONGEST_URL = 300


def tell(
    session: Session,
    person_ids: Iterable[int | None],
    kind: str,
    sentence: str,
    reason: str,
    url: str,
    dedupe: str | None = None,
    *,
    asset_id: int | None = None,
) -> None:
    """One notice to each of these people; nobody is told twice of what has the same `dedupe`.

    `sentence` says what happened and `reason` why this person is told; both are made with `say` and are read
    in the reader's language. `url` is an address within the house. With `asset_id` the sentence is shown
    only to whoever may still see the asset when they read it. The mail follows by a job, as each person
    wants it. Ids of nobody (None) are left out.
    """
    if kind not in KINDS:
        raise ValueError(f"{kind} is no kind of notice; see notify/kinds.py")
    if not url.startswith("/") or url.startswith("//") or len(url) > LONGEST_URL:
        raise ValueError(f"a notice leads to an address within the house, not to {url!r}")
    moment = clock.now()
    rows = [
        {
            "person_id": person_id,
            "kind": kind,
            "sentence": kept(sentence),
            "reason": kept(reason),
            "facts": {"asset": asset_id} if asset_id is not None else {},
            "url": url,
            "at": moment,
            "mail_state": "waiting",
            "mail_at": moment,
            "dedupe_key": dedupe,
        }
        for person_id in sorted({each for each in person_ids if each is not None})
    ]
    if not rows:
        return
    module = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    session.execute(
        module.insert(Notice).values(rows).on_conflict_do_nothing(index_elements=["person_id", "dedupe_key"])
    )
    enqueue(session, "notify.gather", dedupe="notify.gather", priority=-10)
