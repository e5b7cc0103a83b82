"""Makers of rows for tests: plain functions with sensible defaults, no magic."""

from itertools import count
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.contrib.gis.geos import Point

from entaxis.accounts.models import Body, Membership, User
from entaxis.geography.models import Area, Level

_number = count(1)


def region(code: str = "EL61", **fields: Any) -> Area:
    """A region; the same one when asked again."""
    defaults = {"name_el": "Θεσσαλία", "name_en": "Thessaly", "nuts_code": code} | fields
    return Area.objects.get_or_create(level=Level.REGION, register_year=2019, code=code, defaults=defaults)[
        0
    ]


def regional_unit(code: str = "24", *, inside: Area | None = None, **fields: Any) -> Area:
    """A regional unit of ``inside`` (Thessaly)."""
    home = inside or region()
    defaults = {
        "name_el": "Μαγνησία",
        "name_en": "Magnesia",
        "parent": home,
        "region": home,
    } | fields
    return Area.objects.get_or_create(
        level=Level.REGIONAL_UNIT, register_year=2019, code=code, defaults=defaults
    )[0]


def municipality(code: str = "2401", *, unit: Area | None = None, **fields: Any) -> Area:
    """A municipality of ``unit`` (Magnesia)."""
    above = unit or regional_unit()
    defaults = {
        "name_el": "Βόλος",
        "name_el_genitive": "Βόλου",
        "name_official_el": "Δήμος Βόλου",
        "name_elot743": "Volos",
        "name_en": "Volos",
        "parent": above,
        "region": above.region,
        "seat": Point(22.944, 39.366),
    } | fields
    return Area.objects.get_or_create(
        level=Level.MUNICIPALITY, register_year=2019, code=code, defaults=defaults
    )[0]


def user(**fields: Any) -> User:
    """A person who can sign in with the password «correct horse battery»."""
    number = next(_number)
    defaults = {"email": f"person{number}@example.org", "password": "correct horse battery"}
    return User.objects.create_user(**(defaults | fields))


def body(home: Area | None = None, **fields: Any) -> Body:
    """A body of the region."""
    defaults = {"name_el": f"Φορέας {next(_number)}", "kind": Body.Kind.NGO} | fields
    return Body.objects.create(region=home or region(), **defaults)


def body_member(home: Area | None = None, **fields: Any) -> User:
    """A person who belongs to a body of the region."""
    person = user(**fields)
    theirs = body(home)
    Membership.objects.create(
        user=person, role=Membership.Role.BODY_MEMBER, region=theirs.region, body=theirs
    )
    return person


def editor(home: Area | None = None, *, second_factor: bool = True, **fields: Any) -> User:
    """An editor of the Observatory, ready to work: with a second factor."""
    return _with_role(Membership.Role.EDITOR, home, second_factor, fields)


def region_administrator(home: Area | None = None, *, second_factor: bool = True, **fields: Any) -> User:
    """A region's administrator, ready to work: with a second factor."""
    return _with_role(Membership.Role.REGION_ADMINISTRATOR, home, second_factor, fields)


def administrator(*, second_factor: bool = True, **fields: Any) -> User:
    """The platform's administrator, ready to work: with a second factor."""
    person = user(is_superuser=True, is_staff=True, **fields)
    if second_factor:
        authenticator(person)
    return person


TOTP_SECRET = "JBSWY3DPEHPK3PXP"


def authenticator(person: User) -> Authenticator:
    """An authenticator app of this person, with the secret `TOTP_SECRET`."""
    return TOTP.activate(person, TOTP_SECRET).instance


def _with_role(
    role: Membership.Role, home: Area | None, second_factor: bool, fields: dict[str, Any]
) -> User:
    person = user(**fields)
    Membership.objects.create(user=person, role=role, region=home or region())
    if second_factor:
        authenticator(person)
    return person
