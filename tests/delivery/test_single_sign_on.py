"""Coming in by the company's own sign-in, against a real provider on loopback."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from joserfc.jwk import RSAKey
from sqlalchemy import select

from assetlib import clock
from assetlib.accounts.models import Identity, Person, PersonSession
from assetlib.accounts.throttling import SINGLE_REFUSED
from assetlib.app import create_app
from assetlib.audit.models import AuditEntry
from assetlib.house import House
from assetlib.settings import Settings, WrongSettings
from tests import make
from tests.delivery.provider import CLIENT, SECRET, SmallProvider, served_provider
from tests.delivery.reading import read_page
from tests.delivery.test_second_factor import set_up
from tests.delivery.visiting import Visit, Visits

HERE = "http://localhost"


@pytest.fixture
def provider() -> Iterator[SmallProvider]:
    with served_provider() as served:
        yield served


def told(house: House, provider: SmallProvider, **more: Any) -> Settings:
    return replace(
        house.settings,
        public_url=HERE,
        oidc_issuer=provider.issuer,
        oidc_client_id=CLIENT,
        oidc_client_secret=SECRET,
        oidc_label="Continue with Northwind single sign-on",
        **more,
    )


@pytest.fixture
def joined(house: House, people: make.People, provider: SmallProvider) -> Visits:
    """The product with this provider; the field marketer has an address that it knows."""
    with house.database.transaction() as session:
        session.get_one(Person, people.field_marketer.person_id).email = "finn@northwind.example"
    settings = told(house, provider)
    return Visits(create_app(settings, house=replace(house, settings=settings)), house)


def leave(visit: Visit, path: str = "/sign-in/single") -> str:
    """To the provider, and where it sends the browser back to: a path of ours."""
    there = visit.get(path).headers["Location"]
    back = requests.get(there, allow_redirects=False, timeout=10).headers["Location"]
    assert back.startswith(HERE + "/sign-in/single/back?")
    return back.removeprefix(HERE)


def is_in(visit: Visit) -> bool:
    return visit.client.get_cookie("assetlib") is not None and visit.get("/account").status_code == 200


def refused(visit: Visit, back: str) -> str:
    """What the sign-in page says to whoever comes back and is not let in."""
    answer = visit.get(back)
    assert answer.headers["Location"] == "/sign-in"
    assert not is_in(visit)
    return read_page(visit.get("/sign-in")).notices()


def test_the_button_leads_there_and_back_in(
    house: House, people: make.People, joined: Visits, provider: SmallProvider
) -> None:
    visit = joined.nobody()
    page = read_page(visit.get("/sign-in?next=/collections"))
    (button,) = (each for each in page.links if each.startswith("/sign-in/single"))
    assert "Continue with Northwind single sign-on" in page.text
    answer = visit.get(leave(visit, button))
    assert (answer.status_code, answer.headers["Location"]) == (302, "/collections")
    assert is_in(visit)
    with house.database.reading() as session:
        identity, row = session.scalars(select(Identity)).one(), session.scalars(select(PersonSession)).one()
    assert (identity.person_id, identity.issuer) == (people.field_marketer.person_id, provider.issuer)
    assert (row.person_id, row.way) == (people.field_marketer.person_id, "oidc")
    assert {"state", "nonce", "code_challenge"} <= set(provider.asked[0])


def test_from_the_second_time_on_the_address_does_not_count(
    house: House, people: make.People, joined: Visits, provider: SmallProvider
) -> None:
    visit = joined.nobody()
    visit.get(leave(visit))
    provider.claims = {"email": "finn.field@northwind.example", "email_verified": False}
    again = joined.nobody()
    again.get(leave(again))
    assert is_in(again)
    provider.claims = {"sub": "somebody-else"}
    thief = joined.nobody()
    assert "no account" in refused(thief, leave(thief)), "the address alone does not give it to another"


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"nonce": "another"}, "did not let you in"),
        ({"nonce": None}, "did not let you in"),
        ({"aud": "somebody-else"}, "did not let you in"),
        ({"aud": [CLIENT, "another"], "azp": "another"}, "did not let you in"),
        ({"iss": "https://evil.example"}, "did not let you in"),
        ({"exp": 1_000_000_000}, "did not let you in"),
        ({"sub": None}, "did not let you in"),
        ({"email_verified": False}, "no account"),
        ({"email_verified": "true"}, "no account"),
        ({"email_verified": None}, "no account"),
        ({"email": "nobody@northwind.example"}, "no account"),
    ],
)
def test_a_token_that_is_not_for_this_sign_in_lets_nobody_in(
    house: House, joined: Visits, provider: SmallProvider, wrong: dict[str, Any], words: str
) -> None:
    provider.claims = wrong
    visit = joined.nobody()
    assert words in refused(visit, leave(visit))
    assert provider.tokens == 1
    with house.database.reading() as session:
        assert session.scalars(select(Identity)).all() == []


def test_a_token_signed_with_another_key_lets_nobody_in(joined: Visits, provider: SmallProvider) -> None:
    provider.signs_with = RSAKey.generate_key(2048, {"kid": "one"}, private=True)
    visit = joined.nobody()
    assert "did not let you in" in refused(visit, leave(visit))


def test_a_new_key_of_the_provider_is_learned(joined: Visits, provider: SmallProvider) -> None:
    first, second = joined.nobody(), joined.nobody()
    first.get(leave(first))
    provider.new_key("two")
    second.get(leave(second))
    assert is_in(second)


def test_who_comes_back_without_having_left_is_not_let_in(joined: Visits, provider: SmallProvider) -> None:
    """Whoever gets a victim's browser to open their own way back does not sign it in."""
    attacker, victim = joined.nobody(), joined.nobody()
    back = leave(attacker)
    assert "did not let you in" in refused(victim, back)
    leave(victim)
    assert "did not let you in" in refused(victim, back), "the state is another browser's"
    assert provider.tokens == 0
    assert attacker.get(back).status_code == 302
    assert is_in(attacker)


def test_a_way_back_is_good_once_and_for_ten_minutes(joined: Visits, provider: SmallProvider) -> None:
    visit = joined.nobody()
    begun = visit.client.get_cookie
    back = leave(visit)
    kept = begun("assetlib-form")
    assert kept is not None
    visit.get(back)
    copy = joined.nobody()
    copy.client.set_cookie("assetlib-form", kept.value)
    assert "did not let you in" in refused(copy, back), "the provider takes a code once"
    late = joined.nobody()
    back = leave(late)
    with clock.held_at(clock.now() + timedelta(minutes=11)):
        assert "did not let you in" in refused(late, back)


def test_an_answer_in_another_issuer_s_name_is_not_taken(joined: Visits, provider: SmallProvider) -> None:
    visit = joined.nobody()
    assert "did not let you in" in refused(visit, leave(visit) + "&iss=https%3A%2F%2Fevil.example")
    assert provider.tokens == 0


@pytest.mark.parametrize("whose", ["person", "organisation"])
@pytest.mark.parametrize("state", ["suspended", "closed"])
@pytest.mark.parametrize("known", [False, True])
def test_who_may_not_come_in_does_not_come_in_by_this_way(
    house: House, people: make.People, joined: Visits, whose: str, state: str, known: bool
) -> None:
    if known:
        earlier = joined.nobody()
        earlier.get(leave(earlier))
    with house.database.transaction() as session:
        person = session.get_one(Person, people.field_marketer.person_id)
        (person if whose == "person" else person.organisation).state = state
    visit = joined.nobody()
    assert "no account" in refused(visit, leave(visit))


def test_an_invited_person_is_here_from_then_on(house: House, people: make.People, joined: Visits) -> None:
    with house.database.transaction() as session:
        session.get_one(Person, people.field_marketer.person_id).state = "invited"
    visit = joined.nobody()
    visit.get(leave(visit))
    assert is_in(visit)
    with house.database.reading() as session:
        assert session.get_one(Person, people.field_marketer.person_id).state == "active"


def test_the_unknown_come_in_without_a_role_where_the_settings_say_so(
    house: House, people: make.People, provider: SmallProvider
) -> None:
    settings = told(house, provider, oidc_create=True)
    visits = Visits(create_app(settings, house=replace(house, settings=settings)), house)
    provider.claims = {"sub": "new", "email": "Neu@Northwind.example", "name": "Nele Neu"}
    visit = visits.nobody()
    visit.get(leave(visit))
    assert is_in(visit)
    assert visit.get("/library").status_code == 403
    with house.database.reading() as session:
        person = session.scalars(select(Person).where(Person.email == "neu@northwind.example")).one()
        assert (person.name, person.organisation_id, person.roles) == ("Nele Neu", people.own.id, frozenset())
    provider.claims = {"sub": "newer", "email": "neuer@northwind.example", "email_verified": False}
    another = visits.nobody()
    assert "no account" in refused(another, leave(another))


def test_a_second_factor_is_asked_for_after_it_too(
    house: House, joined: Visits, provider: SmallProvider
) -> None:
    visit = joined.nobody()
    visit.get(leave(visit))
    visit._token = ""
    _, codes = set_up(visit, clock.now())
    comer = joined.nobody()
    answer = comer.get(leave(comer))
    assert answer.headers["Location"] == "/sign-in/code"
    assert not is_in(comer)
    assert comer.post("/sign-in/code", {"code": codes[0]}).status_code == 302
    assert is_in(comer)
    with house.database.reading() as session:
        ways = session.scalars(select(PersonSession.way).order_by(PersonSession.id)).all()
    assert ways == ["oidc", "oidc_code"]
    assert "by single sign-on and code" in comer.get("/account").get_data(as_text=True)


def test_a_fresh_proof_of_who_has_no_password_comes_by_it(joined: Visits, provider: SmallProvider) -> None:
    visit = joined.nobody()
    visit.get(leave(visit))
    visit._token = ""
    form = {"name": "Press tool", "scopes": ["read"], "until": clock.today().isoformat()}
    with clock.held_at(clock.now() + timedelta(minutes=20)):
        asked = visit.post("/account/tokens", form)
        assert asked.status_code == 403
        assert "/sign-in/single?fresh=1" in read_page(asked).links
        provider.claims = {"auth_time": int((clock.now() - timedelta(minutes=20)).timestamp())}
        assert visit.get(leave(visit, "/sign-in/single?fresh=1")).headers["Location"] == "/account"
        assert visit.post("/account/tokens", form).status_code == 403, "the provider did not ask anew"
        provider.claims = {}
        assert "Close this tab" in read_page(visit.get(leave(visit, "/sign-in/single?fresh=1"))).text
        assert (provider.asked[-1]["prompt"], provider.asked[-1]["max_age"]) == ("login", "0")
        assert visit.post("/account/tokens", form).status_code == 303


def refusals(house: House) -> list[tuple[str, str, str, str]]:
    with house.database.reading() as session:
        rows = session.scalars(
            select(AuditEntry).where(AuditEntry.action.endswith("_refused")).order_by(AuditEntry.seq)
        )
        return [(row.action, row.object_kind, row.changes["why"], row.address) for row in rows]


def test_who_is_refused_by_it_is_written_down_up_to_a_limit(
    house: House, joined: Visits, provider: SmallProvider
) -> None:
    provider.claims = {"email": "nobody@northwind.example"}
    stranger = joined.nobody()
    stranger.get(leave(stranger))
    provider.claims = {"nonce": "another"}
    stranger.get(leave(stranger))
    stranger.get("/sign-in/single/back?code=x&state=y")
    assert refusals(house) == [
        ("accounts.sign_in_refused", "sign_in", "no_match", "127.0.0.0/24"),
        ("accounts.sign_in_refused", "sign_in", "not_vouched", "127.0.0.0/24"),
    ], "and nothing of who never left"
    for _ in range(SINGLE_REFUSED.times):
        refused(stranger, leave(stranger))
    assert len(refusals(house)) == SINGLE_REFUSED.times


def test_a_fresh_proof_by_somebody_else_teaches_nothing_and_lets_nobody_in(
    house: House, people: make.People, joined: Visits, provider: SmallProvider
) -> None:
    with house.database.transaction() as session:
        invited = make.person(session, people.own, email="ines@northwind.example", state="invited")
    visit = joined.of(people.librarian)
    provider.claims = {"email": "ines@northwind.example"}
    answer = visit.get(leave(visit, "/sign-in/single?fresh=1"))
    assert answer.headers["Location"] == "/account"
    with house.database.reading() as session:
        assert session.get_one(Person, invited.id).state == "invited"
        assert session.scalars(select(Identity)).all() == []
    assert [each[:3] for each in refusals(house)] == [
        ("accounts.confirmation_refused", "person", "not_vouched")
    ]


@pytest.mark.parametrize("what", ["away", "redirects"])
def test_a_provider_that_cannot_be_had_is_said(joined: Visits, provider: SmallProvider, what: str) -> None:
    setattr(provider, what, True)
    visit = joined.nobody()
    if what == "away":
        assert visit.get("/sign-in/single").headers["Location"] == "/sign-in"
        assert "gives no answer" in read_page(visit.get("/sign-in")).notices()
    else:
        assert refused(visit, leave(visit)), "what would be elsewhere is not looked at"


@pytest.mark.parametrize(
    "onward", ["https://evil.example/", "//evil.example", "/\\evil.example", "/sign-out"]
)
def test_the_way_on_stays_in_the_house(joined: Visits, provider: SmallProvider, onward: str) -> None:
    visit = joined.nobody()
    there = visit.client.get("/sign-in/single", query_string={"next": onward}).headers["Location"]
    assert set(parse_qs(urlsplit(there).query)["redirect_uri"]) == {HERE + "/sign-in/single/back"}
    back = requests.get(there, allow_redirects=False, timeout=10).headers["Location"]
    assert visit.get(back.removeprefix(HERE)).headers["Location"] == "/"


def test_without_the_setting_there_is_no_such_way(visits: Visits) -> None:
    visit = visits.nobody()
    assert not any("single" in each for each in read_page(visit.get("/sign-in")).links)
    assert visit.get("/sign-in/single").headers["Location"] == "/sign-in"
    assert visit.get("/sign-in/single/back?code=x&state=y").headers["Location"] == "/sign-in"


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"ASSETLIB_OIDC_ISSUER": "http://sign-in.example"}, "ISSUER must begin with https"),
        ({"ASSETLIB_OIDC_CLIENT_ID": ""}, "CLIENT_ID is needed"),
        ({"ASSETLIB_OIDC_CLIENT_SECRET": ""}, "CLIENT_SECRET or"),
        ({"ASSETLIB_PUBLIC_URL": ""}, "PUBLIC_URL is needed"),
        ({"ASSETLIB_SECOND_FACTOR_ROLES": "pilot"}, "no role: pilot"),
    ],
)
def test_settings_that_do_not_fit_are_said_at_the_start(change: dict[str, str], fault: str) -> None:
    fine = {
        "ASSETLIB_OIDC_ISSUER": "https://sign-in.example",
        "ASSETLIB_OIDC_CLIENT_ID": "x",
        "ASSETLIB_OIDC_CLIENT_SECRET": "y",
        "ASSETLIB_PUBLIC_URL": "https://assets.example",
    }
    assert Settings.from_env(fine).oidc_issuer == "https://sign-in.example"
    with pytest.raises(WrongSettings, match=fault):
        Settings.from_env(fine | change)
