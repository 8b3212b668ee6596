"""Files made in code, for tests that need real bytes."""

import io

from PIL import Image


def jpeg(
    width: int = 160, height: int = 120, *, colour: tuple[int, int, int] = (20, 90, 200), xmp: bytes = b""
) -> bytes:
    """A JPEG with a light corner, so that it looks like something."""
    picture = Image.new("RGB", (width, height), colour)
    picture.paste((250, 240, 200), (0, 0, width // 3, height // 3))
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=85, xmp=xmp)
    return out.getvalue()


def jpeg_with_xmp(fields: dict[str, str | list[str]]) -> bytes:
    """A JPEG whose XMP packet says these Dublin Core fields."""
    parts = "".join(_field(name, value) for name, value in fields.items())
    packet = (
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        '<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"{parts}</rdf:Description></rdf:RDF></x:xmpmeta>"
    )
    return jpeg(xmp=packet.encode())


def _field(name: str, value: str | list[str]) -> str:
    if isinstance(value, list):
        items = "".join(f"<rdf:li>{each}</rdf:li>" for each in value)
        return f"<dc:{name}><rdf:Bag>{items}</rdf:Bag></dc:{name}>"
    return f'<dc:{name}><rdf:Alt><rdf:li xml:lang="x-default">{value}</rdf:li></rdf:Alt></dc:{name}>'


def pdf(pages: int) -> bytes:
    """A document of small pages, each of its own colour."""
    sheets = [Image.new("RGB", (200, 280), (250 - 40 * n, 240, 40 * n)) for n in range(pages)]
    out = io.BytesIO()
    sheets[0].save(out, "PDF", save_all=True, append_images=sheets[1:])
    return out.getvalue()
