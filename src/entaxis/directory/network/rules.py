"""Who may do what in the network: named predicates."""

from entaxis.accounts.models import Body, User
from entaxis.accounts.queries import bodies_administered_by
from entaxis.accounts.rules import (
    Somebody,
    is_body_member,
    is_editor,
    may_act_for,
    may_administer_body,
    memberships,
)
from entaxis.directory.network import queries
from entaxis.directory.network.models.pieces import Piece, VolunteerRequest
from entaxis.directory.rules import granted, keeps_entries
from entaxis.geography.models import Area


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


def may_write(user: Somebody, piece: Piece) -> bool:
    """May write a text of the body; nobody once it is dissolved.

    Whoever keeps the entry of one structure asks for volunteers for this structure.
    """
    if piece.body.region_id != piece.region_id:
        return False
    return may_act_for(user, piece.body) or _keeps_its_structure(user, piece)


def _keeps_its_structure(user: Somebody, piece: Piece) -> bool:
    return (
        isinstance(piece, VolunteerRequest)
        and not piece.body.is_dissolved
        and piece.structure is not None
        and piece.structure.body_id == piece.body_id
        and piece.structure_id in granted(user)
    )


def asks_for_volunteers(user: Somebody, region: Area) -> bool:
    """May write requests for volunteers: for a body, or for a structure whose entry they keep."""
    return is_body_member(user, region) or keeps_entries(user, region)


def may_review(user: Somebody, region: Area) -> bool:
    """May publish what bodies write, or ask it back."""
    return is_editor(user, region)


def checks_volunteers(user: Somebody, region: Area) -> bool:
    """Checks volunteers for a body of the region, or for the Observatory."""
    return is_editor(user, region) or (
        isinstance(user, User) and bodies_administered_by(user, region).exists()
    )
