"""How the accounts say no."""

from assetlib.errors import Conflict, Invalid, NotAllowed, NotFound, Unavailable


class NoSuchPerson(NotFound):
    code = "person_not_found"


class NoSuchOrganisation(NotFound):
    code = "organisation_not_found"


class NoSuchGroup(NotFound):
    code = "group_not_found"


class GroupChanged(Conflict):
    """Somebody wrote name or description, or gave it other roles, since it was read."""

    code = "group_changed"


class PersonChanged(Conflict):
    """Name, address, roles or groups are not those any more that were read."""

    code = "person_changed"


class DutyHeld(Conflict):
    """They answer for the same already, with another limit; `details["current"]` says which."""

    code = "duty_held"


class OrganisationChanged(Conflict):
    """It is not called any more what was read."""

    code = "organisation_changed"


class StillOpen(Conflict):
    """Something is not done yet; `details["matters"]` says what, how many, and where."""

    code = "still_open"


class AddressTaken(Conflict):
    """Another person signs in with this address."""

    code = "address_taken"


class NameTaken(Conflict):
    code = "name_taken"


class WrongPerson(Invalid):
    """A person cannot be like this; `details["fields"]` says why."""

    code = "wrong_person"


class WrongFile(Invalid):
    """A file of people cannot be read at all."""

    code = "wrong_file"


class NoMatch(Invalid):
    """Address and password do not belong together, or may not be used; nobody is told which."""

    code = "no_match"


class ShutOut(NotAllowed):
    """The password is right, but the account, or its organisation, is not open."""

    code = "shut_out"


class TooManyTries(Unavailable):
    code = "too_many_tries"


class LinkOver(NotFound):
    """A link sent by mail was used, replaced or is too old, or never was; nobody is told which."""

    code = "link_over"


class NoSuchSession(NotFound):
    code = "session_not_found"


class NoSuchToken(NotFound):
    code = "token_not_found"


class WrongToken(Invalid):
    """A token cannot be like this; `details["fields"]` says why."""

    code = "wrong_token"


class WrongCode(Invalid):
    """A code of a second factor is not right, or was used."""

    code = "wrong_code"


class NoFactor(Conflict):
    """The second factor is not in the state that was expected."""

    code = "no_factor"
