"""Who downloaded an asset: told to librarians, on its page and by the API, and to nobody else."""

from datetime import date

from assetlib.access.actor import Actor
from assetlib.catalog.actions.downloads import open_download
from assetlib.catalog.models import Version
from assetlib.house import House
from tests import make
from tests.delivery.reading import read_page
from tests.delivery.visiting import Visits


def test_librarians_see_who_took_which_form_when(house: House, people: make.People, visits: Visits) -> None:
    with house.database.transaction() as session:
        asset = make.published(session, people.agency, people.librarian)
        version = session.get_one(Version, asset.current_version_id)
        make.rendition(session, version, "large")
        for form in ["original"] * 10 + ["large"]:
            open_download(session, people.field_marketer, asset, version, form)
        untouched = make.published(session, people.agency, people.librarian)
    page = read_page(visits.of(people.librarian).get(f"/assets/{asset.id}"))
    rows = [" ".join(each.xpath(".//text()")) for each in page.tree.xpath("//*[@id='uses']/li")]
    assert len(rows) == 11
    assert rows[0].startswith("Finn Field Web 2048 px, sRGB JPEG, v1 Today")
    assert rows[-1] == "and 1 earlier"
    told = visits.of(people.librarian).get(f"/api/v1/assets/{asset.id}/usage?size=1").json or {}
    assert (told["total"], told["uses"][0]["person"], told["uses"][0]["form"]) == (11, "Finn Field", "large")
    for actor in (people.contributor, people.field_marketer):
        assert not read_page(visits.of(actor).get(f"/assets/{asset.id}")).tree.xpath("//*[@id='uses']")
        assert visits.of(actor).get(f"/api/v1/assets/{asset.id}/usage").status_code == 403
    assert not read_page(visits.of(people.librarian).get(f"/assets/{untouched.id}")).tree.xpath(
        "//*[@id='uses']"
    )


def test_who_gets_a_file_for_work_only_is_told_so(house: House, people: make.People, visits: Visits) -> None:
    with house.database.transaction() as session:
        asset = make.published(session, people.agency, people.librarian)
        cleared = make.published(session, people.agency, people.librarian)
        assert asset.right is not None
        asset.right.ends_on = date(2020, 1, 31)

    def warned(actor: Actor, asset_id: int) -> str:
        page = read_page(visits.of(actor).get(f"/assets/{asset_id}"))
        return " ".join(str(each.text_content()) for each in page.tree.xpath("//*[@id='only-to-work']"))

    for actor in (people.librarian, people.administrator, people.contributor):
        assert "not to use it. The rights ended on" in warned(actor, asset.id)
        assert warned(actor, cleared.id) == ""
    assert warned(people.field_marketer, asset.id) == ""
