"""People, their organisations, and the ways in."""
