"""How the accounts say no."""

from assetlib.errors import Conflict, Invalid, NotFound, Unavailable


class NoSuchPerson(NotFound):
    code = "person_not_found"


class NoSuchOrganisation(NotFound):
    code = "organisation_not_found"


class AddressTaken(Conflict):
    """Another person signs in with this address."""

    code = "address_taken"


class NameTaken(Conflict):
    code = "name_taken"


class WrongPerson(Invalid):
    """A person cannot be like this; `details["fields"]` says why."""

    code = "wrong_person"


class NoMatch(Invalid):
    """Address and password do not belong together, or may not be used; nobody is told which."""

    code = "no_match"


class TooManyTries(Unavailable):
    code = "too_many_tries"
