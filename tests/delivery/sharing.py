"""Links as people outside use them: a browser of nobody's, and all addresses that give something."""

import re
from dataclasses import dataclass
from typing import Any

from assetlib.access.actor import Actor
from tests.delivery.gallery import Gallery
from tests.delivery.visiting import Visit


@dataclass
class Link:
    """A link as its maker was told it."""

    id: int
    url: str
    """Its path."""
    revision: int

    @property
    def page(self) -> str:
        return f"/shared/{self.id}"


ALL_FORMS = ["original", "large"]


def make_link(gallery: Gallery, maker: Actor, **terms: Any) -> Link:
    """A link of this person's to the gallery's asset, by the API."""
    asked: dict[str, Any] = {"name": "Press kit", "forms": ALL_FORMS, **terms}
    if "collection" not in asked:
        asked.setdefault("assets", [gallery.asset.id])
    answer = gallery.visits.of(maker).send("POST", "/api/v1/shares", json=asked)
    assert answer.status_code == 201, answer.text
    told = answer.json or {}
    return Link(told["id"], re.sub(r"^https?://[^/]+", "", told["url"]), told["revision"])


def open_link(gallery: Gallery, link: Link, password: str = "") -> Visit:
    """A browser without an account, in which the link is open."""
    visit = gallery.visits.nobody()
    answer = visit.post(link.url, {"password": password})
    assert answer.status_code == 303, answer.get_data(as_text=True)[:2000]
    assert answer.headers["Location"] == link.page
    return visit


def previews(gallery: Gallery, link: Link) -> list[str]:
    base = f"{link.page}/renditions/{gallery.version.id}"
    recipes = ("thumb", "preview", "proxy", "filmstrip", "pages?page=2")
    return [f"{base}/{each}" for each in recipes]


def files(gallery: Gallery, link: Link) -> list[str]:
    base = f"{link.page}/assets/{gallery.asset.id}/download"
    return [base, *(f"{base}?form={each}" for each in ALL_FORMS)]


def pack(visit: Visit, link: Link, form: str = "original") -> str:
    """The address of a ZIP of all that the link gives."""
    answer = visit.post(f"{link.page}/packages", {"form": form})
    assert answer.status_code == 303, answer.get_data(as_text=True)[:2000]
    return answer.headers["Location"]


def plain(body: bytes) -> bytes:
    """A page without the form token, which is another one in each browser."""
    return re.sub(rb'content="[\w.-]+"', b"", body)


def everything(g: Gallery, link: Link) -> list[str]:
    return [link.page, f"{link.page}/assets/{g.asset.id}", *previews(g, link), *files(g, link)]
