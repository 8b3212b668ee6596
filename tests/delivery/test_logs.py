"""What opens a door stands in no log line."""

import pytest

from assetlib.logs import PATHS_WITH_A_TOKEN, telling_nothing
from tests.delivery.visiting import Visits

TOKEN = "q7VnTPbqk1x2hUuE0rYc5mZsJ9aLd3oGwFi8KtXyBvC"


def test_every_address_with_a_token_is_known(visits: Visits) -> None:
    rules = [each.rule for each in visits.app.url_map.iter_rules() if "token>" in each.rule]
    assert {each.partition("<")[0] for each in rules} == set(PATHS_WITH_A_TOKEN)


@pytest.mark.parametrize("beginning", PATHS_WITH_A_TOKEN)
def test_the_line_of_a_request_tells_its_address_without_the_token(
    visits: Visits, capsys: pytest.CaptureFixture[str], beginning: str
) -> None:
    paths = [f"{beginning}{between}{TOKEN}" for between in ("", "/", "%0A", "x/")]
    for path in paths:
        visits.nobody().get(path)
    told = capsys.readouterr().out
    assert TOKEN not in told
    assert told.count(f"{beginning}…") + told.count(f"{beginning}/…") == len(paths)


def test_other_addresses_are_told_whole() -> None:
    for path in ("/", "/shares/3", "/shared/3", "/s/", "/assets/12", "/welcome", "/x/s/3"):
        assert telling_nothing(path) == path
