"""What JSON looks like, going in and coming out."""

from datetime import date, datetime
from typing import Annotated, Any

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints, model_validator

from assetlib.database import LARGEST_ID
from assetlib.language import all_in_words

# Longer than any field may be: how long exactly is the rule's to say, in a sentence.
Text = Annotated[str, StringConstraints(max_length=40_000)]
RowId = Annotated[int, Field(ge=1, le=LARGEST_ID)]


class Shape(BaseModel):
    """What is not named is not taken; sentences of ours are in the language of whoever calls."""

    model_config = ConfigDict(extra="forbid")

    @model_validator(mode="before")
    @classmethod
    def _in_words(cls, given: Any) -> Any:
        return all_in_words(given)


class Query(BaseModel):
    """What stands behind the question mark; unknown names are let pass, as browsers add some."""

    page: int = Field(1, ge=1, le=100_000)
    size: int = Field(48, ge=1, le=96)


class VerdictOut(Shape):
    verdict: str = Field(description="approved or returned")
    person: str
    at: datetime
    note: str


class VersionOut(Shape):
    id: int
    number: int
    sha256: str
    size: int = Field(description="bytes")
    file_name: str
    media_type: str
    format: str
    width: int | None
    height: int | None
    pages: int | None
    duration_ms: int | None
    is_current: bool
    is_approved: bool
    verdict: VerdictOut | None = Field(description="the last one, for those who are told")
    standing: str | None = Field(description="to send as `seen` with a verdict, for those who give one")
    preview_state: str
    warnings: list[str]
    created_at: datetime
    preview_url: str | None


class RightOut(Shape):
    holder: str
    licence: str
    credit_line: str
    channels: list[str]
    territories: list[str]
    starts_on: date | None
    ends_on: date | None
    ask_first: bool
    terms: str


class AssetOut(Shape):
    id: int
    ref: str
    title: str
    description: str
    alt_text: str
    type: str
    state: str
    tags: list[str]
    attributes: dict[str, Any]
    right: RightOut | None
    rights_state: str
    may_download: bool
    why_not: str = Field(description="why the bytes are kept back; empty when they are not")
    embargo_until: datetime | None
    deleted_at: datetime | None
    uses: int
    revision: int
    created_at: datetime
    updated_at: datetime
    url: str
    versions: list[VersionOut]


class AssetChange(Shape):
    """Only what is given is changed. `revision` is the one that was read."""

    revision: int
    title: Text | None = None
    description: Text | None = None
    alt_text: Text | None = None
    tags: list[Text] | None = Field(None, max_length=200)
    type: Text | None = None


class AttributesChange(Shape):
    """Attribute key → value; null clears it."""

    revision: int
    values: dict[str, Any]


class RightIn(Shape):
    """The whole right. `revision` is the one of the asset that was read."""

    revision: int
    holder: Text = ""
    licence: Text = ""
    credit_line: Text = ""
    channels: list[Text] = Field(default=[], max_length=100)
    territories: list[Text] = Field(default=[], max_length=300)
    starts_on: date | None = None
    ends_on: date | None = None
    ask_first: bool = False
    terms: Text = ""


class Verdict(Shape):
    """A word about exact bytes: `sha256` is that of the file that was looked at.

    `seen` is the version's `standing` at that moment; when the asset moved on since, the answer is 409.
    """

    version: int = Field(description="the version's number")
    sha256: Text
    seen: Text
    note: Text = ""


class Reason(Shape):
    reason: Text = ""


class Seen(BaseModel):
    revision: int = Field(description="the one that was read")


class Publishing(Shape):
    embargo_until: AwareDatetime | None = Field(
        None, description="a moment that lies ahead, with its time zone; null opens it at once"
    )


class Embargo(Shape):
    revision: int = Field(description="the one that was read")
    embargo_until: AwareDatetime | None = Field(
        description="a moment that lies ahead, with its time zone; null opens it now"
    )


class WhyOut(Shape):
    field: str
    parts: list[tuple[str, bool]] = Field(description="text, and whether it is what matched")


class TileOut(Shape):
    id: int
    ref: str
    title: str
    url: str
    state: str
    rights: str
    kind: str
    thumb_url: str | None
    aspect: float
    colour: str | None
    may_download: bool
    uses: int
    why: list[WhyOut]


class FacetRowOut(Shape):
    value: str
    label: str
    count: int
    selected: bool


class FacetOut(Shape):
    name: str
    label: str
    rows: list[FacetRowOut]


class SearchOut(Shape):
    total: int
    page: int
    size: int
    notes: list[str]
    tiles: list[TileOut]
    facets: list[FacetOut]


class PackageIn(Shape):
    assets: list[RowId] = Field(max_length=100_000)
    form: Text = "original"


class PackageOut(Shape):
    id: str
    url: str
    assets: int


class JobOut(Shape):
    id: int
    kind: str
    arguments: dict[str, Any]
    state: str
    attempts: int
    run_at: datetime
    error: str | None
