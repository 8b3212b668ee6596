"""The life of the demo's files: sent, described, decided, published, and some of them put away again."""

import io
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import partial

from sqlalchemy import select
from sqlalchemy.orm import Session

from assetlib.access.actor import LIBRARIAN, Actor
from assetlib.catalog.actions.assets import describe_asset
from assetlib.catalog.actions.attributes import set_attributes
from assetlib.catalog.actions.rights import record_rights
from assetlib.catalog.actions.states import archive_asset, publish_asset, submit_asset, withdraw_asset
from assetlib.catalog.actions.trash import delete_asset
from assetlib.catalog.actions.versions import approve_version, return_version
from assetlib.catalog.models import Asset
from assetlib.catalog.queries.actors import actor_of
from assetlib.catalog.queries.assets import get_asset
from assetlib.catalog.queries.verdicts import standing_of
from assetlib.demo.calendar_of_files import Delivery
from assetlib.demo.hands import LOOKING, work_off
from assetlib.demo.pieces import Piece
from assetlib.demo.rights import RIGHTS
from assetlib.house import House
from assetlib.storage.models import Upload
from assetlib.storage.uploads.protocol import UploadDesk
from assetlib.storage.uploads.rules import Announced
from assetlib.words import recalled

Act = Callable[[], None]
_RETURNS = (
    "The headline covers the needle. Move it up and send it again.",
    "Better. The jacket is too small to be read from three metres.",
)
_RETURN_OF_A_PICTURE = "The shadows are closed. Lift them by half a stop and send it again."
_NOTES = ("", "", "Good light.", "", "Checked against the printer's proof.", "")


class NotTakenIn(RuntimeError):
    """A file of the demo was refused; the message is the refusal's sentence."""


class Library:
    """The files on their way through the house. `assets` maps the place of a piece to its asset's id."""

    def __init__(
        self,
        house: House,
        pieces: Sequence[Piece],
        people: dict[str, int],
        today: date,
        made: Callable[[int, int], bytes],
        hands: int,
    ) -> None:
        self.house = house
        self.pieces = pieces
        self.today = today
        self.assets: dict[int, int] = {}
        self.published: set[int] = set()
        """Places of pieces that are out by now."""
        self._people = people
        self._made = made
        self._hands = hands

    def acting(self, session: Session, key: str) -> Actor:
        """Somebody of the company's list, as one who acts."""
        return actor_of(session, self.id_of(key))

    def id_of(self, key: str) -> int:
        """The id of somebody of the company's list."""
        return self._people[key]

    def life_of(self, delivery: Delivery) -> Iterator[tuple[datetime, Act]]:
        """When and what happens to the files of a delivery."""
        came = delivery.moment
        yield came, partial(self._arrive, delivery)
        yield came + timedelta(minutes=40), partial(self._describe, delivery)
        yield came + timedelta(days=1, hours=2), partial(self._decide, delivery)
        for place in delivery.numbers:
            piece = self.pieces[place]
            for number in range(1, len(piece.newer) + 1):
                sent = came + timedelta(days=3 * number, minutes=place % 50)
                yield sent, partial(self._send_newer, place, number)
                yield sent + timedelta(days=1), partial(self._decide_newer, place, number)
        for days, fate, act in (
            (14, "withdrawn", self._withdraw),
            (18, "archived", self._archive),
            (6, "trash", self._throw_away),
        ):
            places = [place for place in delivery.numbers if self.pieces[place].fate == fate]
            if places:
                noon = datetime.combine(self.today - timedelta(days=days), time(12, 5, tzinfo=UTC))
                yield noon, partial(act, places)

    # what happens

    def _arrive(self, delivery: Delivery) -> None:
        with self.house.database.reading() as session:
            sender = self.acting(session, delivery.sender)
        sent = {place: self._send(sender, place, 0, None) for place in delivery.numbers}
        work_off(self.house, LOOKING, hands=self._hands)
        for place, public_id in sent.items():
            self.assets[place] = self._taken_in(public_id)

    def _describe(self, delivery: Delivery) -> None:
        with self.house.database.transaction() as session:
            sender = self.acting(session, delivery.sender)
            for place in delivery.numbers:
                piece, asset = self.pieces[place], get_asset(session, sender, self.assets[place])
                describe_asset(
                    session,
                    sender,
                    asset,
                    revision=asset.revision,
                    title=piece.title,
                    description=piece.description,
                    alt_text=piece.alt_text,
                    tags=list(piece.tags),
                    type_key=piece.type_key,
                )
                set_attributes(session, sender, asset, piece.attributes, revision=asset.revision)
                if piece.fate != "draft":
                    submit_asset(session, sender, asset)

    def _decide(self, delivery: Delivery) -> None:
        with self.house.database.transaction() as session:
            for place in delivery.numbers:
                piece = self.pieces[place]
                librarian = self._librarian(session, place)
                asset = get_asset(session, librarian, self.assets[place])
                if piece.fate in ("draft", "in_review"):
                    continue
                if piece.fate == "returned" or self._is_sent_back(place, 0):
                    self._say_no(session, librarian, asset, 0)
                else:
                    self._say_yes(session, librarian, asset, place)

    def _send_newer(self, place: int, number: int) -> None:
        with self.house.database.reading() as session:
            sender = self.acting(session, self.pieces[place].sender)
        public_id = self._send(sender, place, number, self.assets[place])
        work_off(self.house, LOOKING, hands=self._hands)
        self._taken_in(public_id)
        with self.house.database.transaction() as session:
            asset = get_asset(session, sender, self.assets[place])
            if asset.state == "draft":
                submit_asset(session, sender, asset)

    def _decide_newer(self, place: int, number: int) -> None:
        with self.house.database.transaction() as session:
            librarian = self._librarian(session, place)
            asset = get_asset(session, librarian, self.assets[place])
            if self._is_sent_back(place, number):
                self._say_no(session, librarian, asset, number)
            else:
                self._say_yes(session, librarian, asset, place)

    def _withdraw(self, places: Sequence[int]) -> None:
        for session, librarian, asset in self._each(places):
            withdraw_asset(session, librarian, asset, reason="The logo on the label is the old one.")

    def _archive(self, places: Sequence[int]) -> None:
        for session, librarian, asset in self._each(places):
            archive_asset(session, librarian, asset, reason="Last season. Kept for reference.")

    def _throw_away(self, places: Sequence[int]) -> None:
        for session, librarian, asset in self._each(places):
            delete_asset(session, librarian, asset, reason="Sent twice, the better one stays.")

    # how

    def _send(self, sender: Actor, place: int, version: int, as_version_of: int | None) -> str:
        """Through the upload protocol, as a browser does it; the upload's name."""
        content = self._made(place, version)
        settings = self.house.settings
        desk = UploadDesk(self.house.database, self.house.store, settings.largest_file)
        announced = Announced(
            name=self.pieces[place].file,
            size=len(content),
            mtime=1_757_000_000_000 + place,
            fingerprint=f"demo-{place}-{version}",
            as_version_of=as_version_of,
        )
        begun, _ = desk.begin(sender, announced)
        public_id, part_size = begun.upload.public_id, begun.upload.part_size
        for number, start in enumerate(range(0, len(content), part_size), start=1):
            part = content[start : start + part_size]
            desk.receive_part(sender, public_id, number, io.BytesIO(part), len(part), None)
        desk.complete(sender, public_id)
        return public_id

    def _taken_in(self, public_id: str) -> int:
        with self.house.database.reading() as session:
            upload = session.scalars(select(Upload).where(Upload.public_id == public_id)).one()
            if upload.asset_id is None:
                raise NotTakenIn(f"{upload.name}: {upload.state}, {recalled(upload.refusal or '')}")
            return upload.asset_id

    def _is_sent_back(self, place: int, number: int) -> bool:
        """Layouts with two newer versions go to and fro; of all others each version is taken."""
        newer = self.pieces[place].newer
        return len(newer) > 1 and number < len(newer)

    def _librarian(self, session: Session, place: int) -> Actor:
        librarian = self.acting(session, ("mira", "sanna")[place % 3 == 0])
        assert librarian.has_role(LIBRARIAN)  # noqa: S101  # the company's list says so
        return librarian

    def _say_no(self, session: Session, librarian: Actor, asset: Asset, number: int) -> None:
        newest = asset.versions[0]
        is_picture = asset.type_key == "photograph"
        reason = _RETURN_OF_A_PICTURE if is_picture else _RETURNS[number % len(_RETURNS)]
        seen = str(standing_of(asset, newest))
        return_version(session, librarian, newest, sha256=newest.sha256, seen=seen, reason=reason)

    def _say_yes(self, session: Session, librarian: Actor, asset: Asset, place: int) -> None:
        piece, newest = self.pieces[place], asset.versions[0]
        seen, note = str(standing_of(asset, newest)), _NOTES[place % len(_NOTES)]
        approve_version(session, librarian, newest, sha256=newest.sha256, seen=seen, note=note)
        if piece.right:
            record_rights(session, librarian, asset, RIGHTS[piece.right](self.today), revision=asset.revision)
        if piece.fate != "approved" and asset.state != "published":
            embargo = datetime.combine(self.today + timedelta(days=12 + place % 20), time(5, tzinfo=UTC))
            publish_asset(
                session, librarian, asset, embargo_until=embargo if piece.fate == "embargoed" else None
            )
            if piece.fate != "embargoed":
                self.published.add(place)

    def _each(self, places: Sequence[int]) -> Iterator[tuple[Session, Actor, Asset]]:
        with self.house.database.transaction() as session:
            for place in places:
                librarian = self._librarian(session, place)
                yield session, librarian, get_asset(session, librarian, self.assets[place])
                self.published.discard(place)
