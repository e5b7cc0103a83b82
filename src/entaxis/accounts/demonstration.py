"""People to try the platform with. They are made by the demonstration only; production refuses them."""

import time
from dataclasses import dataclass

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from allauth.mfa.utils import decrypt
from django.conf import settings
from django.db import transaction

from entaxis.accounts import actions, requesting
from entaxis.accounts.models import AccessRequest, Body, Membership, User
from entaxis.core import samples
from entaxis.core.papers import Paper
from entaxis.geography.models import Area

PASSWORD = "sit by the open door"  # noqa: S105 – the same for all; the README prints it
SECRET = "ENTAXISDEMO234567ABCDEFGHIJKLMNO"  # noqa: S105 – of everybody's authenticator app, base 32
MFA_PERIOD_SECONDS = 30

ASKED = "Είμαι κοινωνική λειτουργός του φορέα και θα γράφω για τις δράσεις του. Αίτημα επίδειξης."

REGIONS = {"EL61": "thessaly", "EL65": "peloponnese"}


@dataclass(frozen=True)
class Sample:
    """A demonstration person: the part of the address before ``@``, the name shown, the role."""

    name: str
    display_name: str
    role: Membership.Role | None
    has_second_factor: bool = True


SAMPLES = (
    Sample("editor", "Συντάκτρια – επίδειξη", Membership.Role.EDITOR),
    Sample("administrator", "Διαχειριστής περιφέρειας – επίδειξη", Membership.Role.REGION_ADMINISTRATOR),
    Sample("municipality", "Διαχειρίστρια δήμου – επίδειξη", Membership.Role.MUNICIPAL_ADMINISTRATOR),
    Sample(
        "writer", "Συντάκτης δήμου – επίδειξη", Membership.Role.MUNICIPAL_EDITOR, has_second_factor=False
    ),
    Sample("chair", "Διαχειρίστρια φορέα – επίδειξη", Membership.Role.BODY_ADMINISTRATOR),
    Sample("body", "Μέλος φορέα – επίδειξη", Membership.Role.BODY_MEMBER, has_second_factor=False),
    Sample("visitor", "Πρόσωπο χωρίς ρόλο – επίδειξη", None, has_second_factor=False),
    # asks for a body and for an entry, writes as a volunteer: everywhere somebody has to answer
    Sample("applicant", "Πρόσωπο που περιμένει απάντηση – επίδειξη", None, has_second_factor=False),
    # keeps the entry of one structure: the directory gives the right
    Sample("clerk", "Υπάλληλος δομής – επίδειξη", None, has_second_factor=False),
    # led to set up a second step at the first sign-in
    Sample("newcomer", "Νέα συντάκτρια – επίδειξη", Membership.Role.EDITOR, has_second_factor=False),
)


def address(name: str, region_code: str) -> str:
    """The e-mail address of a demonstration person."""
    return f"{name}.{REGIONS[region_code]}@example.org"


@transaction.atomic
def create_people() -> list[User]:
    """Make one person for every role in each region that is loaded, and the platform's administrator.

    Safe to repeat: who is there keeps their password and second factor as they left them.

    Raises:
        RuntimeError: in production.
    """
    if settings.MODE == "production":
        raise RuntimeError("demonstration people are refused in production")
    people = [_person("administrator@example.org", "Διαχειριστής – επίδειξη", has_second_factor=True)]
    people[0].is_superuser = people[0].is_staff = True
    people[0].save(update_fields=["is_superuser", "is_staff"])
    for region in Area.objects.regions().filter(code__in=REGIONS).order_by("code"):
        people += [_sample(sample, region) for sample in SAMPLES]
    return people


def _sample(sample: Sample, region: Area) -> User:
    user = _person(
        address(sample.name, region.code), sample.display_name, has_second_factor=sample.has_second_factor
    )
    if sample.role in Membership.OF_BODY:
        actions.give_role(user=user, role=sample.role, region=region, body=_body(region))
    elif sample.role in Membership.OF_MUNICIPALITY:
        inside = Area.objects.municipalities().of(region).order_by("code").first()
        if inside:  # a database with regions alone
            actions.give_role(user=user, role=sample.role, region=region, municipality=inside)
    elif sample.role:
        actions.give_role(user=user, role=sample.role, region=region)
    return user


def _person(email: str, display_name: str, *, has_second_factor: bool) -> User:
    found = User.objects.filter(email=email).first()
    if found:
        return found
    user = actions.add_person(email=email, display_name=display_name, password=PASSWORD, is_synthetic=True)
    if has_second_factor:
        totp.TOTP.activate(user, SECRET)
    return user


def _body(region: Area) -> Body:
    return Body.objects.get_or_create(
        region=region,
        name_el="Φορέας επίδειξης",
        defaults={
            "kind": Body.Kind.NGO,
            "name_en": "Demonstration body",
            "is_synthetic": True,
        },
    )[0]


@transaction.atomic
def ask_to_join(*, region: Area, host: str) -> bool:
    """Let the applicant ask for the demonstration's body, with a paper, once; False where they have.

    ``host``: of the links in mails about it.
    """
    applicant = User.objects.get(email=address("applicant", region.code))
    if applicant.access_requests.filter(region=region).exists():
        return False
    content = samples.pdf("Βεβαίωση μέλους", ["Το έγγραφο είναι επινοημένο και το πρόσωπο δεν υπάρχει."])
    requesting.ask(
        request=AccessRequest(region=region, body=_body(region), text=ASKED),
        paper=Paper("Βεβαίωση μέλους.pdf", "pdf", content),
        by=applicant,
        host=host,
    )
    return True


def current_code(user: User) -> str | None:
    """The six digits that this demonstration person's authenticator app shows now; None without one."""
    if not user.is_synthetic or settings.MODE == "production":
        return None
    found = Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).first()
    if found is None:
        return None
    secret = decrypt(found.data["secret"])
    return str(totp.format_hotp_value(totp.hotp_value(secret, int(time.time()) // MFA_PERIOD_SECONDS)))
