"""Who may do what in the network: named predicates."""

from entaxis.accounts.models import Body
from entaxis.accounts.rules import Somebody, may_administer_body, memberships
from entaxis.directory.network import queries


def belongs_to(user: Somebody, body: Body) -> bool:
    """Is one of the body's own people, or of its municipality's; nobody is once it is dissolved."""
    return not body.is_dissolved and any(
        held.body_id == body.pk or (body.is_municipal and held.municipality_id == body.municipality_id)
        for held in memberships(user)
        if held.body_id or held.municipality_id
    )


def may_describe(user: Somebody, body: Body) -> bool:
    """May change what the body says of itself."""
    return may_administer_body(user, body)


def takes_letters(body: Body) -> bool:
    """Whether visitors may write to the body. Where it has no people here, the Observatory reads."""
    return not body.is_dissolved and queries.profile_of(body).takes_letters
