"""What people do with the demo's library: they gather, they grant, they download."""

import random
from collections.abc import Callable, Iterator
from functools import partial

from sqlalchemy import select
from sqlalchemy.orm import Session

from assetlib.access.actor import Actor
from assetlib.accounts.models import Group, Organisation
from assetlib.catalog.actions.collections import add_assets, make_collection
from assetlib.catalog.actions.downloads import open_download
from assetlib.catalog.actions.opening import grant_collection, grant_collection_to_group
from assetlib.catalog.errors import NoSuchAsset
from assetlib.catalog.models import Asset, Collection, Version
from assetlib.catalog.permissions.assets import may_have_bytes
from assetlib.catalog.queries.assets import get_asset
from assetlib.demo.company import ALPIN, CORE, DEALERS, HALDEN, LEGAL
from assetlib.demo.library import Act, Library
from assetlib.demo.pieces import Piece
from assetlib.media.recipes import PRESETS

_GATHERED, _GRANTED = 21, 20
"""Days ago."""
_A_WEEK = (("jonas", 3), ("lea", 2), ("mira", 1))

Chooses = Callable[[Piece], bool]


def gather(library: Library) -> Iterator[tuple[int, Act]]:
    """Days ago, and what is gathered then."""
    yield _GATHERED, partial(_gather, library)
    yield _GRANTED, partial(_grant, library)


def use(library: Library) -> Iterator[tuple[int, Act]]:
    """Days ago, and what is downloaded then: every other week a few, dealers once they may."""
    for week in range(1, 48, 2):
        yield week * 7 - 3, partial(_download, library, week, _A_WEEK)
    for days in (16, 12, 9, 5, 2):
        yield days, partial(_download, library, 100 + days, (("tobias", 4),))


def _in(campaign: str, *types: str) -> Chooses:
    return lambda piece: (
        campaign in piece.attributes.get("campaign", ()) and (not types or piece.type_key in types)
    )


def _of(*types: str) -> Chooses:
    return lambda piece: piece.type_key in types


def _made_of(*lines: str) -> Chooses:
    return lambda piece: (
        piece.type_key == "cutout"
        and any(product.startswith(lines) for product in piece.attributes.get("product", ()))
    )


def _no(piece: Piece) -> bool:  # noqa: ARG001
    return False


# name, what it is for, what goes into it, and what lies below
_TREE: tuple[tuple[str, str, Chooses, tuple[tuple[str, str, Chooses], ...]], ...] = (
    ("Autumn Trails", "Everything of the campaign. Starts on 4 September.", _no, (
        ("Key visuals", "Posters and their languages", _in("autumn-trails", "layout")),
        ("Photographs", "Full pictures and cuts", _in("autumn-trails", "photograph")),
        ("Films and radio", "", _in("autumn-trails", "video", "audio")),
    )),
    ("First Snow", "Winter campaign, runs with the weather.", _in("first-snow"), ()),
    ("Camp by Six", "Tents, lanterns, nights by the lake.", _in("camp-by-six"), ()),
    ("Products", "One collection for each line.", _no, (
        ("Ridgeline", "Jackets and hats", _made_of("ridgeline")),
        ("Traverse", "Packs and flasks", _made_of("traverse", "steel")),
        ("Tarn footwear", "", _made_of("tarn")),
    )),
    ("Brand basics", "Marks, the brand book, and how to use them.", _of("logo"), ()),
    ("For dealers", "What dealers put into their windows.", _in("autumn-trails", "layout", "photograph"), (
        ("Shelf and window", "Cards, stories, loops", _in("trade-up")),
    )),
    ("Reference for agencies", "The level we want.", lambda piece: piece.popularity >= 18, ()),
)  # fmt: skip


def _gather(library: Library) -> None:
    with library.house.database.transaction() as session:
        mira = library.acting(session, "mira")
        for name, purpose, chooses, below in _TREE:
            top = _collect(session, mira, library, name, purpose, chooses, None)
            for each in below:
                _collect(session, mira, library, *each, top)
        jonas = library.acting(session, "jonas")
        own = make_collection(
            session, jonas, name="Window Munich, October", description="For the shop in Sendlinger Strasse"
        )
        add_assets(session, jonas, own, [library.assets[place] for place in sorted(library.published)][:60:9])


def _collect(
    session: Session,
    actor: Actor,
    library: Library,
    name: str,
    purpose: str,
    chooses: Chooses,
    parent: Collection | None,
) -> Collection:
    made = make_collection(
        session, actor, name=name, description=purpose, audience="organisation", parent=parent
    )
    chosen = [library.assets[place] for place in sorted(library.published) if chooses(library.pieces[place])]
    add_assets(session, actor, made, chosen)
    return made


def _grant(library: Library) -> None:
    with library.house.database.transaction() as session:
        mira = library.acting(session, "mira")
        for organisation, name in (
            (ALPIN, "For dealers"),
            (ALPIN, "Brand basics"),
            (HALDEN, "Reference for agencies"),
        ):
            collection = session.scalars(select(Collection).where(Collection.name == name)).one()
            to = session.scalars(select(Organisation).where(Organisation.name == organisation)).one()
            grant_collection(session, mira, collection, to)
        for group, name in ((CORE, "Autumn Trails"), (LEGAL, "Brand basics"), (DEALERS, "For dealers")):
            collection = session.scalars(select(Collection).where(Collection.name == name)).one()
            together = session.scalars(select(Group).where(Group.name == group)).one()
            grant_collection_to_group(session, mira, collection, together)


def _download(library: Library, seed: int, who: tuple[tuple[str, int], ...]) -> None:
    chance = random.Random(seed)  # noqa: S311  # a believable use, the same each time
    out = sorted(library.published)
    if not out:
        return
    weights = [library.pieces[place].popularity for place in out]
    if not any(weights):
        return
    with library.house.database.transaction() as session:
        for key, count in who:
            actor = library.acting(session, key)
            for place in chance.choices(out, weights, k=count):
                _take(session, actor, library.assets[place], chance)


def _take(session: Session, actor: Actor, asset_id: int, chance: random.Random) -> None:
    """Download it in some form, if this person may have it."""
    try:
        asset = get_asset(session, actor, asset_id)
    except NoSuchAsset:
        return
    version = asset.current_version
    if version is not None and may_have_bytes(actor, asset, version, "download").is_yes:
        open_download(session, actor, asset, version, _form(asset, version, chance))


def _form(asset: Asset, version: Version, chance: random.Random) -> str:
    versions = [each for each in asset.versions if each.id == version.id]
    made = {rendition.recipe for each in versions for rendition in each.renditions}
    return chance.choice(["original", *sorted(made & set(PRESETS))])
