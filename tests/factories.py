"""Makers of rows for tests: plain functions with sensible defaults, no magic."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import timedelta
from itertools import count
from typing import Any, TypeVar

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.contrib.gis.geos import Point
from django.core.management import call_command
from django.db import connection
from django.db.models import Model
from django.utils import timezone

from entaxis.accounts import rules
from entaxis.accounts.models import (
    AccessRequest,
    Body,
    Evidence,
    Invitation,
    Membership,
    Recovery,
    User,
)
from entaxis.core.review import State as ReviewState
from entaxis.directory.choices import PointQuality, Status
from entaxis.directory.models import Contact, OpeningHours, ServiceOffer, Structure, StructureGrant
from entaxis.directory.network.models import (
    BodyProfile,
    Introduction,
    Letter,
    Network,
    NetworkMember,
    Notice,
    NoticeFile,
    Practice,
    VolunteerOffer,
    VolunteerRequest,
)
from entaxis.geography.models import (
    Area,
    AreaCrosswalk,
    BoundarySet,
    Level,
    Outline,
    PlaceName,
    Population,
)
from entaxis.indicators import source as indicators
from entaxis.indicators.models import Indicator, IndicatorVersion, StrategyTarget
from entaxis.notifications import writing
from entaxis.notifications.choices import Channel, State
from entaxis.notifications.models import Delivery, Message, Subscription
from entaxis.portal.library.finding import remember_words, stems_of
from entaxis.portal.models import NewsItem, Study, StudyFile, StudyPage
from entaxis.sources import phenomena
from entaxis.sources.models import Mapping, PhenomenonReport, Source, SourceEdition
from entaxis.strategy.models import Action
from entaxis.vocabularies import actions as vocabularies
from entaxis.vocabularies import source as lists_of_files
from entaxis.vocabularies.models import Synonym, Term, TermCrosswalk, Vocabulary

CODE_LISTS = (Vocabulary, Term, Synonym, TermCrosswalk)
_number = count(1)
Published = TypeVar("Published", Action, NewsItem)


Kept = dict[type[Model], bytes]
_geography: Kept = {}
_catalogue: Kept = {}
_code_lists: Kept = {}
_vulnerable_groups: Kept = {}


def geography() -> None:
    """Both regions as `load-geography` brings them; loaded once, then put back table by table."""
    tables = (Area, Population, AreaCrosswalk, BoundarySet, Outline, PlaceName)
    _put_back(_geography, tables, lambda: call_command("load_geography", verbosity=0))


def catalogue() -> None:
    """The ready-made indicators as `load-indicators` brings them; loaded once, then put back."""
    _put_back(_catalogue, (Indicator, IndicatorVersion, StrategyTarget), indicators.load)


def code_lists() -> None:
    """Every list of codes as `load-vocabularies` brings it; loaded once, then put back."""
    _put_back(_code_lists, CODE_LISTS, lambda: vocabularies.publish(lists=lists_of_files.read()))


def vulnerable_groups() -> None:
    """The list of vulnerable groups alone, without its links to other lists."""
    _put_back(_vulnerable_groups, CODE_LISTS, _publish_groups)


def _publish_groups() -> None:
    found = next(each for each in lists_of_files.read() if each.name == Vocabulary.Name.VULNERABLE_GROUPS)
    vocabularies.publish(lists=[replace(found, links=())])


def _put_back(kept: Kept, tables: Iterable[type[Model]], load: Callable[[], object]) -> None:
    if not kept:
        load()
        kept.update({table: _copied(table) for table in tables})
        return
    with connection.cursor() as cursor:
        for table, rows in kept.items():
            with cursor.copy(f"COPY {_columns(table)} FROM STDIN") as copy:
                copy.write(rows)


def _copied(table: type[Model]) -> bytes:
    with connection.cursor() as cursor, cursor.copy(f"COPY {_columns(table)} TO STDOUT") as copy:
        return b"".join(copy)


def _columns(table: type[Model]) -> str:
    fields = [field for field in table._meta.concrete_fields if not field.generated]
    names = ", ".join(connection.ops.quote_name(str(field.column)) for field in fields)
    return f"{table._meta.db_table} ({names})"


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


def former_municipality(code: str, name: str, *, unit: Area, became: list[Area]) -> Area:
    """A municipality of the register of 2011 that ``became`` others."""
    former = Area.objects.create(
        level=Level.MUNICIPALITY,
        register_year=2011,
        code=code,
        name_el=name,
        parent=unit,
        region=unit.region,
    )
    share = round(1 / len(became), 5)
    AreaCrosswalk.objects.bulk_create(
        AreaCrosswalk(source=former, target=area, area_share=share) for area in became
    )
    return former


def source(key: str = "gmi", *, home: Area | None = None, **fields: Any) -> Source:
    """A source of the region."""
    defaults = {
        "kind": key if key in Source.Kind.values else Source.Kind.NATIONAL_TABLE,
        "name_el": f"Πηγή {key}",
        "publisher": "Δοκιμαστικός εκδότης",
        "licence": "Για δοκιμές",
        "frequency": Source.Frequency.MONTHLY,
    } | fields
    return Source.objects.create(region=home or region(), key=key, **defaults)


def phenomenon_report(home: Area) -> PhenomenonReport:
    """A municipality's draft of this quarter, with its numbers under seal."""
    place = Area.objects.municipalities().filter(region=home).first() or municipality(
        f"{home.pk}01", unit=regional_unit(str(home.pk), inside=home)
    )
    report = PhenomenonReport.objects.create(
        region=home,
        municipality=place,
        phenomenon=f"phenomenon_{next(_number)}",
        period=phenomena.quarters(timezone.localdate())[0],
        basis=PhenomenonReport.Basis.VISITS,
    )
    phenomena.write(report.pk, phenomena.Count(6, None))
    return report


def source_edition(home: Area | None = None, **fields: Any) -> SourceEdition:
    """A file of a source that was refused."""
    of = fields.pop("source", None) or source(f"s{next(_number)}", home=home, kind="gmi")
    mapping = of.mappings.first() or Mapping.objects.create(source=of, version=1)
    defaults = {"file_name": "a.csv", "checksum": "0" * 64, "state": SourceEdition.State.REFUSED} | fields
    return SourceEdition.objects.create(source=of, mapping=mapping, **defaults)


PASSWORD = "correct horse battery"


def user(**fields: Any) -> User:
    """A person who can sign in with the password «correct horse battery»."""
    number = next(_number)
    defaults = {"email": f"person{number}@example.org", "password": PASSWORD}
    return User.objects.create_user(**(defaults | fields))


def body(home: Area | None = None, **fields: Any) -> Body:
    """A body of the region."""
    defaults = {"name_el": f"Φορέας {next(_number)}", "kind": Body.Kind.NGO} | fields
    return Body.objects.create(region=home or region(), **defaults)


def body_member(home: Area | None = None, *, of: Body | None = None, **fields: Any) -> User:
    """A person who belongs to a body of the region."""
    return member(Membership.Role.BODY_MEMBER, of or body(home), **fields)


def body_administrator(home: Area | None = None, *, of: Body | None = None, **fields: Any) -> User:
    """A person who administers a body of the region, with a second factor."""
    return member(Membership.Role.BODY_ADMINISTRATOR, of or body(home), second_factor=True, **fields)


def municipal_editor(of: Area | None = None, **fields: Any) -> User:
    """A person who writes for a municipality."""
    return member(Membership.Role.MUNICIPAL_EDITOR, of or municipality(), **fields)


def municipal_administrator(of: Area | None = None, **fields: Any) -> User:
    """A person who administers a municipality's people, with a second factor."""
    return member(
        Membership.Role.MUNICIPAL_ADMINISTRATOR, of or municipality(), second_factor=True, **fields
    )


def member(
    role: Membership.Role, place: Area | Body, *, second_factor: bool = False, **fields: Any
) -> User:
    """A person with a role in a region, a municipality or a body."""
    person = user(**fields)
    membership(person, role, place)
    if second_factor:
        authenticator(person)
    return person


def membership(person: User, role: Membership.Role, place: Area | Body, **fields: Any) -> Membership:
    """A role of a person in a region, a municipality or a body."""
    scope = rules.Scope.of(place)
    return Membership.objects.create(
        user=person,
        role=role,
        region_id=scope.region_id,
        municipality_id=scope.municipality_id,
        body=scope.body,
        **fields,
    )


def invitation(place: Area | Body, *, by: User | None = None, **fields: Any) -> Invitation:
    """An invitation that waits, sent by the platform's administrator unless told otherwise."""
    scope = rules.Scope.of(place)
    defaults = {
        "email": f"invited{next(_number)}@example.org",
        "role": rules.roles_of(place)[-1],
        "region_id": scope.region_id,
        "municipality_id": scope.municipality_id,
        "body": scope.body,
        "invited_by": by or administrator(),
        "expires_at": timezone.now() + timedelta(days=14),
    } | fields
    return Invitation.objects.create(**defaults)


def access_request(home: Area | None = None, **fields: Any) -> AccessRequest:
    """A request to join a body of the region, with a paper."""
    region_of_it = home or region()
    of = {} if "name_el" in fields else {"body": body(region_of_it)}
    values = {"user": user(), "region": region_of_it, "text": "Εργάζομαι εκεί."} | of | fields
    made = AccessRequest.objects.create(**values)
    Evidence.objects.create(request=made, name="letter.pdf", kind="pdf", content=b"%PDF-1.7 letter")
    return made


def recovery(person: User | None = None, *, by: User | None = None) -> Recovery:
    """A request to take the second step of ``person`` away."""
    return Recovery.objects.create(
        user=person or editor(), asked_by=by or administrator(), reason="We met today."
    )


def editor(home: Area | None = None, *, second_factor: bool = True, **fields: Any) -> User:
    """An editor of the Observatory, ready to work: with a second factor."""
    return member(Membership.Role.EDITOR, home or region(), second_factor=second_factor, **fields)


def region_administrator(home: Area | None = None, *, second_factor: bool = True, **fields: Any) -> User:
    """A region's administrator, ready to work: with a second factor."""
    role = Membership.Role.REGION_ADMINISTRATOR
    return member(role, home or region(), second_factor=second_factor, **fields)


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


def term(key: str, *, inside: Vocabulary.Name = Vocabulary.Name.STRUCTURE_KINDS, **fields: Any) -> Term:
    """A term of the version in force of the list ``inside``; the same one when asked again."""
    vocabulary = Vocabulary.objects.get_or_create(
        name=inside, is_current=True, defaults={"version": 1, "published_at": timezone.now()}
    )[0]
    defaults = {"label_el": key, "label_en": key} | fields
    return Term.objects.get_or_create(vocabulary=vocabulary, key=key, defaults=defaults)[0]


def structure(kind: str | Term = "social_pharmacy", **fields: Any) -> Structure:
    """A published structure in the middle of Volos, unless told otherwise."""
    home = fields.pop("region", None) or (
        fields["municipality"].region if fields.get("municipality") else region()
    )
    hidden = fields.get("is_confidential", False)
    place: dict[str, Any] = {}
    if not hidden and "municipality" not in fields:
        place = {"municipality": municipality()}
    point = fields.get("point", None if hidden else Point(22.944, 39.366))
    place |= {"point": point, "point_quality": PointQuality.EXACT if point else ""}
    defaults = {
        "region": home,
        "kind": kind if isinstance(kind, Term) else term(kind),
        "name_el": f"Δομή {next(_number)}",
        "status": Status.PUBLISHED,
        "assured_date": timezone.localdate(),
    }
    made = defaults | place | fields
    made.setdefault("body", body(home))
    return Structure.objects.create(**made)


def clerk(of: Structure, **fields: Any) -> User:
    """A person who keeps the entry of one structure."""
    person = user(**fields)
    StructureGrant.objects.create(user=person, structure=of)
    return person


def confidential_structure(**fields: Any) -> Structure:
    """A published structure whose place is known to nobody."""
    kind = term("violence_women_support", is_confidential=True)
    return structure(kind, is_confidential=True, **fields)


def offer(of: Structure, service: str = "medicines", **fields: Any) -> ServiceOffer:
    """A service of a structure."""
    kind_of_service = term(service, inside=Vocabulary.Name.SERVICES)
    return ServiceOffer.objects.create(structure=of, service=kind_of_service, **fields)


def profile(of: Body, **fields: Any) -> BodyProfile:
    """What a body says of itself."""
    return BodyProfile.objects.create(body=of, **fields)


def letter(to: Body | None = None, **fields: Any) -> Letter:
    """What a visitor wrote to a body."""
    defaults: dict[str, Any] = {"name": "Ελένη", "text": "Καλημέρα σας."}
    if "user" not in fields:
        defaults["address"] = f"writer{next(_number)}@example.org"
    return Letter.objects.create(body=to or body(), **(defaults | fields))


def volunteer_request(of: Body | None = None, **fields: Any) -> VolunteerRequest:
    """A published request for volunteers, on food in the whole region."""
    made: VolunteerRequest = _piece(VolunteerRequest, of, {"themes": ["food"]} | fields)
    return made


def practice(of: Body | None = None, **fields: Any) -> Practice:
    """A published good practice."""
    made: Practice = _piece(
        Practice, of, {"themes": ["food"], "results_el": "Πέτυχε.", "learnt_el": "Μάθαμε."} | fields
    )
    return made


def network(of: Body | None = None, **fields: Any) -> Network:
    """A published network that a body coordinates."""
    made: Network = _piece(Network, of, fields)
    return made


def _piece(model: Any, of: Body | None, fields: dict[str, Any]) -> Any:
    home = of or body()
    defaults = {
        "region": home.region,
        "title_el": f"Κείμενο {next(_number)}",
        "text_el": "Περιγραφή",
        "state": ReviewState.PUBLISHED,
        "published_at": timezone.now(),
    }
    return model.objects.create(body=home, **(defaults | fields))


def volunteer_offer(home: Area | None = None, **fields: Any) -> VolunteerOffer:
    """An open offer of help, on food in the whole region."""
    defaults: dict[str, Any] = {
        "name": "Μαρία",
        "text": "Μαγειρεύω.",
        "themes": ["food"],
        "state": VolunteerOffer.State.OPEN,
    }
    if "user" not in fields:
        defaults["address"] = f"volunteer{next(_number)}@example.org"
    return VolunteerOffer.objects.create(region=home or region(), **(defaults | fields))


def introduction(to: VolunteerRequest | None = None, **fields: Any) -> Introduction:
    """What a volunteer wrote to a request; the body reads it unless told otherwise."""
    defaults: dict[str, Any] = {
        "name": "Μαρία",
        "text": "Μπορώ κάθε Τρίτη.",
        "state": Introduction.State.OPEN,
    }
    if "user" not in fields:
        defaults["address"] = f"volunteer{next(_number)}@example.org"
    return Introduction.objects.create(request=to or volunteer_request(), **(defaults | fields))


def network_member(of: Network | None = None, **fields: Any) -> NetworkMember:
    """A body that is in a network."""
    home = of or network()
    defaults = {"body": body(home.region), "state": NetworkMember.State.MEMBER} | fields
    return NetworkMember.objects.create(network=home, **defaults)


def notice(of: Body | None = None, **fields: Any) -> Notice:
    """A notice on the board of the body's region, with a file."""
    home = of or body()
    defaults = {"region": home.region, "title": "Αίθουσα", "text": "Δανείζουμε αίθουσα."} | fields
    row = Notice.objects.create(body=home, **defaults)
    content = b"%PDF-1.7 room"
    NoticeFile.objects.create(
        notice=row, name="room.pdf", kind="pdf", size_bytes=len(content), content=content
    )
    return row


def hours(
    of: Structure, weekday: int = 0, opens: str = "09:00", closes: str = "14:00", **fields: Any
) -> OpeningHours:
    """One interval of a structure's week."""
    return OpeningHours.objects.create(structure=of, weekday=weekday, opens=opens, closes=closes, **fields)


def contact(of: Structure, **fields: Any) -> Contact:
    """A way to reach a structure."""
    return Contact.objects.create(structure=of, **({"telephone": "+302421000001"} | fields))


def subscription(home: Area | None = None, *, confirmed: bool = True, **fields: Any) -> Subscription:
    """A confirmed subscription to everything in the region, unless told otherwise."""
    defaults: dict[str, Any] = {} if "user" in fields else {"address": f"reader{next(_number)}@example.org"}
    return Subscription.objects.create(
        region=home or region(),
        confirmed_at=timezone.now() if confirmed else None,
        **(defaults | fields),
    )


def message(to: User, home: Area | None = None, **fields: Any) -> Message:
    """A message in a person's centre, with its mail still to be sent."""
    defaults = {"kind": "notifications.confirm_subscription", "title": "Μήνυμα", "language": "el"}
    row = Message.objects.create(user=to, region=home or region(), **(defaults | fields))
    writing.portal(row).save()
    writing.mail(row).save()
    return row


def mail_in_trouble(home: Area | None = None) -> Delivery:
    """A mail that could not be sent."""
    row = message(user(), home)
    mail = row.deliveries.get(channel=Channel.MAIL)
    mail.state, mail.fault, mail.attempts = State.FAILED, "TimeoutError", 9
    mail.save()
    return mail


def study(home: Area | None = None, **fields: Any) -> Study:
    """A published document of the library of ``home`` (Thessaly), with its words remembered."""
    defaults = {
        "kind": Study.Kind.STUDY,
        "title_el": f"Μελέτη {next(_number)}",
        "summary_el": "Περίληψη",
        "year": 2024,
        "authors": "Ομάδα Παρατηρητηρίου",
        "licence": Study.Licence.CC_BY,
        "status": Study.Status.PUBLISHED,
        "published_at": timezone.now(),
    } | fields
    row = Study.objects.create(region=home or region(), **defaults)
    remember_words(row)
    return row


def study_file(of: Study, *pages: str, **fields: Any) -> StudyFile:
    """A version of ``of`` whose pages were read; no file is stored."""
    number = of.files.count() + 1
    defaults = {
        "number": number,
        "name": f"v{number}.pdf",
        "size_bytes": 1000,
        "sha256": f"{next(_number):064x}",
        "state": StudyFile.State.READ,
        "page_count": len(pages),
        "has_text": True,
    } | fields
    file = StudyFile.objects.create(study=of, **defaults)
    StudyPage.objects.bulk_create(
        StudyPage(file=file, number=n, text=text, stems=f" {' '.join(stems_of(text, {}))} ")
        for n, text in enumerate(pages, start=1)
    )
    remember_words(of)
    return file


def action(home: Area | None = None, **fields: Any) -> Action:
    """A public action of a body, unless told otherwise."""
    return _publication(Action, home, {"starts_on": timezone.localdate()} | fields)


def news(home: Area | None = None, **fields: Any) -> NewsItem:
    """A public announcement of a body, unless told otherwise."""
    return _publication(NewsItem, home, fields)


def _publication(model: type[Published], home: Area | None, fields: dict[str, Any]) -> Published:
    number = next(_number)
    where = home or (fields["body"].region if fields.get("body") else region())
    defaults = {
        "region": where,
        "title_el": f"Τίτλος {number}",
        "summary_el": "Περίληψη.",
        "slug": f"titlos-{number}",
        "state": ReviewState.PUBLISHED,
        "publish_at": timezone.now(),
    }
    made = defaults | fields
    if "body" not in made:
        made["body"] = body(where)
    row = model(**made)
    row.publisher = row.spoken_by()
    row.save()
    return row
