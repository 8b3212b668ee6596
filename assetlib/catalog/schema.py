"""The asset types and attributes that an installation begins with. Librarians take it from there."""

from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from assetlib.access.actor import SYSTEM
from assetlib.audit import record
from assetlib.catalog.models import AssetType, Attribute, AttributeChoice

TYPES = {
    "photograph": "Photograph",
    "cutout": "Product cut-out",
    "layout": "Layout and print",
    "video": "Video",
    "logo": "Logo",
    "audio": "Sound",
    "document": "Document",
}

Branch = dict[str, "Branch"]


@dataclass(frozen=True)
class Start:
    """An attribute to begin with. `choices` is a tree of labels, flat for a plain choice."""

    label: str
    kind: str
    hint: str = ""
    multiple: bool = False
    facet: bool = False
    required: bool = False
    types: tuple[str, ...] = ()
    embedded_as: str = ""
    choices: Branch = field(default_factory=dict)


REGIONS: Branch = {
    "Europe": {
        "Germany, Austria": {"Germany": {}, "Austria": {}},
        "Nordics": {"Norway": {}, "Sweden": {}, "Denmark": {}, "Finland": {}},
        "France": {},
        "Switzerland": {},
    },
    "Asia": {"Japan": {}},
    "North America": {"United States": {}, "Canada": {}},
}
LANGUAGES: Branch = {"English": {}, "German": {}, "French": {}, "Norwegian": {}, "Japanese": {}}

ATTRIBUTES: dict[str, Start] = {
    "brand": Start("Brand", "choice", facet=True),
    "product": Start("Product line", "tree", multiple=True, facet=True),
    "campaign": Start("Campaign", "choice", multiple=True, facet=True),
    "region": Start("Region", "tree", multiple=True, facet=True, choices=REGIONS),
    "language": Start("Language", "choice", multiple=True, facet=True, choices=LANGUAGES),
    "photographer": Start("Photographer", "people", multiple=True, embedded_as="creator"),
    "people_shown": Start("People shown", "people", multiple=True, types=("photograph", "video", "layout")),
    "released": Start("Releases are on file", "boolean", types=("photograph", "video")),
    "shot_on": Start("Shot on", "date", types=("photograph", "cutout", "video"), embedded_as="created_at"),
    "print_run": Start("Print run", "number", hint="Pieces", types=("layout",)),
    "job_number": Start("Job number", "text", hint="As the agency writes it on its invoice"),
}


def lay_schema(session: Session) -> None:
    """Put in what an empty installation needs. Done again it changes nothing, whatever was done since."""
    if session.scalars(select(AssetType.key)).first() is not None:
        return
    session.add_all(
        AssetType(key=key, label=label, position=number * 10)
        for number, (key, label) in enumerate(TYPES.items())
    )
    for number, (key, start) in enumerate(ATTRIBUTES.items()):
        row = Attribute(
            key=key,
            label=start.label,
            kind=start.kind,
            hint=start.hint,
            multiple=start.multiple,
            facet=start.facet,
            required=start.required,
            types=list(start.types),
            embedded_as=start.embedded_as,
            position=(number + 1) * 10,
        )
        session.add(row)
        session.flush()
        plant(session, row, start.choices)
    laid = {"types": list(TYPES), "attributes": list(ATTRIBUTES)}
    record(session, SYSTEM, "catalog.schema_laid", ("schema", "start"), after=laid)


def plant(
    session: Session, attribute: Attribute, branch: Branch, parent: AttributeChoice | None = None
) -> None:
    """Add a tree of labels below a choice, or at the top."""
    for label, below in branch.items():
        choice = AttributeChoice(
            attribute_id=attribute.id,
            parent_id=parent.id if parent is not None else None,
            key=key_of(label),
            label=label,
            position=len(attribute.choices) * 10,
        )
        attribute.choices.append(choice)
        session.flush()
        plant(session, attribute, below, choice)


def key_of(label: str) -> str:
    """Germany, Austria → germany-austria."""
    return "-".join("".join(c if c.isalnum() else " " for c in label.lower()).split())
