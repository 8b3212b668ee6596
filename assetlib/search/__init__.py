"""Finding assets: typed words in, a page of hits, facets and reasons out."""
