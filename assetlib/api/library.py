"""Search: the same question and answer as the library page."""

from apiflask import APIBlueprint
from pydantic import Field

from assetlib.api.shapes import (
    FacetOut,
    FacetRowOut,
    Query,
    SearchOut,
    Shape,
    TileOut,
    WhyOut,
)
from assetlib.catalog.permissions.assets import VIEW_LIBRARY
from assetlib.catalog.queries.tiles import Tile, tiles_of
from assetlib.current import actor, database, house
from assetlib.policy import open_to
from assetlib.search.library import Facet, find_assets, suggestions
from assetlib.search.request import SORTS, Why
from assetlib.tiles import tile_facts

api = APIBlueprint("api_library", __name__, tag="Library")


class SearchQuery(Query):
    q: str = Field("", max_length=2_000, description="as typed in the search box")
    sort: str | None = Field(None, pattern=f"^({'|'.join(SORTS)})$")


class SuggestQuery(Shape):
    q: str = Field(max_length=200)


class SuggestionOut(Shape):
    field: str
    text: str
    count: int


class SuggestionsOut(Shape):
    suggestions: list[SuggestionOut]


@api.get("/library")
@api.input(SearchQuery, location="query")
@api.output(SearchOut)
@open_to(VIEW_LIBRARY)
def search(query_data: SearchQuery) -> SearchOut:
    """One page of what you may see and ask for, with facets."""
    who = actor()
    with database().reading() as session:
        found = find_assets(
            session,
            house().index,
            who,
            query_data.q,
            sort=query_data.sort,  # type: ignore[arg-type]  # the pattern allows nothing else
            page=query_data.page,
            size=query_data.size,
        )
        tiles = tiles_of(session, who, found.ids)
    why = {hit.id: hit.why for hit in found.page.rows}
    return SearchOut(
        total=found.total,
        page=found.page.number,
        size=found.page.size,
        notes=list(found.notes),
        tiles=[tile_out(tile, why.get(tile.asset.id, ())) for tile in tiles],
        facets=[facet_out(each) for each in found.facets],
    )


@api.get("/suggestions")
@api.input(SuggestQuery, location="query")
@api.output(SuggestionsOut)
@open_to(VIEW_LIBRARY)
def suggest(query_data: SuggestQuery) -> SuggestionsOut:
    """Titles, tags and values that complete what is typed, among what you may see."""
    found = suggestions(house().index, actor(), query_data.q)
    return SuggestionsOut(
        suggestions=[SuggestionOut(field=each.field, text=each.text, count=each.count) for each in found]
    )


def tile_out(tile: Tile, why: tuple[Why, ...]) -> TileOut:
    facts = tile_facts(actor(), tile)
    return TileOut(
        id=tile.asset.id,
        ref=tile.asset.ref,
        title=tile.asset.title,
        url=facts.url,
        state=tile.asset.state,
        rights=tile.rights,
        kind=facts.kind,
        thumb_url=facts.thumb_url,
        aspect=facts.aspect,
        colour=facts.colour,
        may_download=facts.may_download,
        uses=tile.asset.uses,
        why=[WhyOut(field=each.field, parts=[(part.text, part.hit) for part in each.parts]) for each in why],
    )


def facet_out(facet: Facet) -> FacetOut:
    rows = [
        FacetRowOut(value=each.value, label=each.label, count=each.count, selected=each.selected)
        for each in facet.values
    ]
    return FacetOut(name=facet.name, label=facet.label, rows=rows)
