"""What an account may look like."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assetlib.access.actor import (
    ADMINISTRATOR,
    AGENCY_CONTRIBUTOR,
    FIELD_MARKETER,
    FINANCE,
    LIBRARIAN,
    PARTNER,
    PLANNER,
    REVIEWER,
    ROLES,
)
from assetlib.accounts.errors import WrongPerson
from assetlib.accounts.rules import (
    LONGEST_PASSWORD,
    ROLES_OF_KIND,
    SHORTEST_PASSWORD,
    is_address,
    is_name,
    must_be_password,
    must_be_person,
    tidy_address,
)

ANYTHING = st.text(alphabet=st.characters()) | st.text(alphabet="\0\ud800\udfff\u202e\n@. aé😀", max_size=300)
GOOD = {
    "name": "Ada Example",
    "email": "ada@company.example",
    "roles": [LIBRARIAN],
    "organisation_kind": "own",
}


def fields_of(**changed: object) -> set[str]:
    """The fields that are refused when `changed` is put in place of what is good."""
    refused: WrongPerson | None = None
    try:
        must_be_person(**{**GOOD, **changed})  # type: ignore[arg-type]  # each test changes one of them
    except WrongPerson as refusal:
        refused = refusal
    if refused is None:
        return set()
    assert refused.sentence
    assert all(refused.details["fields"].values())
    return set(refused.details["fields"])


@given(
    name=ANYTHING,
    email=ANYTHING,
    roles=st.lists(ANYTHING | st.sampled_from(ROLES), max_size=4),
    kind=ANYTHING | st.sampled_from(sorted(ROLES_OF_KIND)),
)
def test_it_says_yes_or_wrong_person_and_nothing_else(
    name: str, email: str, roles: list[str], kind: str
) -> None:
    assert fields_of(name=name, email=email, roles=roles, organisation_kind=kind) <= {
        "name",
        "email",
        "roles",
    }


@given(text=ANYTHING)
def test_a_password_is_taken_or_refused_with_a_sentence(text: str) -> None:
    try:
        must_be_password(text, email="ada@company.example")
    except WrongPerson as refusal:
        assert refusal.details["fields"] == {"password": refusal.sentence}  # noqa: PT017  # either will do
    else:
        assert SHORTEST_PASSWORD <= len(text) <= LONGEST_PASSWORD


@pytest.mark.parametrize(
    "name",
    [
        "Ada",
        "Åsa Öberg",
        "山田 太郎",
        "محمد‌رضا",
        "Jean-Luc O’Neill",
        "Ada 👩‍🎨",
        "Anna\u00a0Maria",
        "x" * 200,
    ],
)
def test_names_of_any_script_are_taken(name: str) -> None:
    assert is_name(name)
    assert fields_of(name=name) == set()


@pytest.mark.parametrize(
    "name",
    [
        "",
        " ",
        "\t",
        " Ada",
        "Ada ",
        "\u2029Ada\u2029",
        "a\nb",
        "a\0b",
        "a\ud800",
        "a\u202eb",
        "a\u2028b",
        "a\ue000",
        "x" * 201,
    ],
)
def test_hidden_or_half_characters_in_a_name_are_refused(name: str) -> None:
    assert not is_name(name)
    assert fields_of(name=name) == {"name"}


@pytest.mark.parametrize("email", ["a@b.io", "ada.example+assets@company.example", "ö@müller.example"])
def test_addresses(email: str) -> None:
    assert is_address(email)
    assert fields_of(email=email) == set()


@pytest.mark.parametrize(
    "email",
    ["", "ada", "ada@", "@company.example", "ada@company", "a b@company.example", "a@b@c.example",
     "a\0@b.example", "a\ud800@b.example", f"{'a' * 65}@b.example", f"a@{'b' * 181}.example", "a@b.c"],
)  # fmt: skip
def test_what_is_no_address_is_refused(email: str) -> None:
    assert not is_address(email)
    assert fields_of(email=email) == {"email"}


def test_an_address_has_one_spelling() -> None:
    assert tidy_address("  Ada@Company.EXAMPLE\n") == "ada@company.example"


@pytest.mark.parametrize(
    ("kind", "fitting"),
    [
        ("own", {ADMINISTRATOR, LIBRARIAN, PLANNER, FINANCE, FIELD_MARKETER, REVIEWER}),
        ("agency", {AGENCY_CONTRIBUTOR, REVIEWER}),
        ("partner", {PARTNER, REVIEWER}),
    ],
)
def test_roles_fit_the_kind_of_organisation(kind: str, fitting: set[str]) -> None:
    for role in ROLES:
        assert fields_of(roles=[role], organisation_kind=kind) == (set() if role in fitting else {"roles"})
    assert fields_of(roles=fitting, organisation_kind=kind) == set()
    assert fields_of(roles=[], organisation_kind=kind) == set()


def test_a_role_that_does_not_exist_is_refused_by_name() -> None:
    with pytest.raises(WrongPerson) as refused:
        must_be_person(
            name="Ada", email="ada@company.example", roles=["pope", "king"], organisation_kind="own"
        )
    assert refused.value.details["fields"] == {"roles": "There is no role king, pope."}


def test_every_fault_is_named_at_once() -> None:
    assert fields_of(name="", email="", roles=["pope"]) == {"name", "email", "roles"}


@pytest.mark.parametrize(
    "password",
    [
        "short words", "a" * 12, "abababababab", "x" * 201, "ada@company.example", "ADA@company.example",
        "ada.exampleada.example", "passwordpassword", "sunshinesunshine", "password1234", "Password2026!",
        "qwertyuiop123", "123456789012", "iloveyouforever", "P@ssw0rdP@ssw0rd", "assetlib2026",
        "company2026!",
    ],
)  # fmt: skip
def test_passwords_that_are_guessed_first_are_refused(password: str) -> None:
    email = "ada.example@company.example" if password.startswith("ada.") else "ada@company.example"
    with pytest.raises(WrongPerson):
        must_be_password(password, email=email)


@pytest.mark.parametrize(
    "password",
    ["juergen.muessig", "Juergen-Muessig", "muessigjuergen", "Jürgen Müßig", "juergen.muessig2026!",
     "juergen@northwind", "northwindjuergen1"],
)  # fmt: skip
def test_ones_own_address_and_name_are_no_password(password: str) -> None:
    with pytest.raises(WrongPerson, match="too easy to guess"):
        must_be_password(password, email="juergen.muessig@northwind.example", name="Jürgen Müßig")


def test_a_password_may_have_ones_name_among_other_words() -> None:
    must_be_password("juergen likes wet boots", email="juergen.muessig@northwind.example", name="Jürgen M.")


@pytest.mark.parametrize("password", ["a few words in a row", "pässwörter 😀 sind ok", "x y z w v u " * 16])
def test_long_passwords_of_any_characters_are_taken(password: str) -> None:
    must_be_password(password, email="ada@company.example")
