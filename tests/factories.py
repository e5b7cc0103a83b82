"""Makers of rows for tests: plain functions with sensible defaults, no magic."""

from itertools import count
from typing import Any

from django.contrib.gis.geos import Point

from entaxis.accounts.models import Membership, User
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


def editor(home: Area | None = None, **fields: Any) -> User:
    """An editor of the Observatory."""
    return _with_role(Membership.Role.EDITOR, home, fields)


def region_administrator(home: Area | None = None, **fields: Any) -> User:
    """A region's administrator."""
    return _with_role(Membership.Role.REGION_ADMINISTRATOR, home, fields)


def _with_role(role: Membership.Role, home: Area | None, fields: dict[str, Any]) -> User:
    person = user(**fields)
    Membership.objects.create(user=person, role=role, region=home or region())
    return person
