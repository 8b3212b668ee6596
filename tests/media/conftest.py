"""Send bytes through the real sandbox under a name, as the product does."""

from collections.abc import Callable
from pathlib import Path

import pytest

from assetlib import media

Looking = Callable[[bytes, str], media.Examination]


@pytest.fixture
def look(tmp_path: Path) -> Looking:
    """look(bytes, name) → Examination."""

    def looked(data: bytes, name: str) -> media.Examination:
        file = tmp_path / "sent"
        file.write_bytes(data)
        return media.examine(file, name=name, scratch=tmp_path)

    return looked


@pytest.fixture
def drawn(tmp_path: Path) -> Callable[..., dict[str, media.Drawn]]:
    """drawn(bytes, name, recipes) → renditions by recipe; pages by "pages-1" …"""

    def draw(data: bytes, name: str, *recipes: str) -> dict[str, media.Drawn]:
        file = tmp_path / "sent"
        file.write_bytes(data)
        seen = media.examine(file, name=name, scratch=tmp_path)
        made = media.draw(file, seen, scratch=tmp_path, recipes=recipes or ("preview",))
        return {f.recipe if f.page is None else f"{f.recipe}-{f.page}": f for f in made.files}

    return draw
