"""Every address the resolver knows, and what to put into it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.urls.converters import IntConverter, StringConverter, UUIDConverter
from django.urls.resolvers import LocalePrefixPattern, RegexPattern, RoutePattern

from entaxis.directory import confirming
from entaxis.directory.network import letters as network_letters
from entaxis.directory.network import volunteering
from entaxis.geography.models import Area
from entaxis.notifications import letters, links
from tests import factories

OF_A_STRUCTURE = (
    "structure",
    "report-error",
    "office-structure",
    "office-facts",
    "office-status",
    "office-confirm",
    "office-history",
    "office-hours",
    "office-contacts",
    "office-new-offer",
    "office-hide",
    "office-propose",
    "office-step",
    "office-review",
    "office-keepers",
    "office-compare",
)
PAGES = ("people", "invite")  # of a place
OF_A_MEMBERSHIP = ("role", "end", "recovery-ask", "leave")
# Objects to visit, for routes with parameters: route → parameters of something that exists in the region.
# A route without an entry is visited with parameters that name nothing, and answers 404 at best.
EXAMPLES: dict[str, Callable[[Area], dict[str, Any]]] = {
    "wagtail_serve": lambda _region: {"path": ""},
    "notifications:again": lambda region: {"pk": factories.mail_in_trouble(region).pk},
    "notifications:leave": lambda region: {"token": _leave_token(region)},
    "directory:confirm-by-mail": lambda region: {"token": _confirmation_token(region)},
    **{
        f"sources:office-{page}": lambda region: {"pk": factories.source_edition(region).source_id}
        for page in ("source", "facts", "reading", "upload")
    },
    **{
        f"sources:office-{page}": lambda region: {"pk": factories.source_edition(region).pk}
        for page in ("edition", "decide", "in-force", "discard", "problems-download")
    },
    **{
        f"sources:office-{page}": lambda region: {"pk": factories.phenomenon_report(region).pk}
        for page in ("phenomenon", "write-phenomenon")
    },
    "sheet": lambda _region: {"code": factories.municipality().code},
    **{f"directory:{name}": lambda region: {"pk": _structure(region)} for name in OF_A_STRUCTURE},
    **{
        f"network:{page}": lambda region: {"pk": factories.body(region).pk}
        for page in ("body", "write", "office-profile")
    },
    "network:body-part": lambda region: {"pk": factories.body(region).pk, "key": "structures"},
    "network:office-letter": lambda region: {"pk": factories.letter(factories.body(region)).pk},
    "network:mine-delete": lambda region: {
        "name": "letter",
        "pk": factories.letter(factories.body(region)).pk,
    },
    "network:request": lambda region: {"pk": _request(region).pk},
    "network:request-write": lambda region: {"pk": _request(region).pk},
    "network:practice": lambda region: {"pk": factories.practice(factories.body(region)).pk},
    "network:network": lambda region: {"pk": factories.network(factories.body(region)).pk},
    "network:confirm": lambda region: {"token": _volunteer_token(region, volunteering.CONFIRM)},
    "network:invited": lambda region: {"token": _volunteer_token(region, volunteering.INVITED)},
    "network:office-introduction": lambda region: {"pk": factories.introduction(_request(region)).pk},
    "network:office-vet": lambda region: {
        "name": "introduction",
        "pk": factories.introduction(_request(region), state="vetting").pk,
    },
    "network:office-new-piece": lambda _region: {"sort": "practices"},
    **{
        f"network:{page}": lambda region: {"sort": "requests", "pk": _request(region).pk}
        for page in ("office-piece", "office-edit-piece")
    },
    "network:office-matches": lambda region: {"pk": _request(region).pk},
    "network:office-members": lambda region: {"pk": factories.network(factories.body(region)).pk},
    "network:office-member": lambda region: {
        "number": factories.network_member(factories.network(factories.body(region))).pk
    },
    "network:office-take-down": lambda region: {"pk": factories.notice(factories.body(region)).pk},
    "network:office-notice-download": lambda region: dict(_notice_file(region)),
    "network:forget": lambda region: {"token": _forget_token(region)},
    **{f"accounts:body-{page}": lambda region: {"pk": factories.body(region).pk} for page in PAGES},
    "accounts:dissolve": lambda region: {"pk": factories.body(region).pk},
    **{f"accounts:{page}": lambda region: {"pk": _membership(region).pk} for page in OF_A_MEMBERSHIP},
    "accounts:recovery": lambda region: {"pk": factories.recovery(_membership(region).user).pk},
    "accounts:invitation-again": lambda region: {"pk": factories.invitation(region).pk},
    "accounts:invitation-withdraw": lambda region: {"pk": factories.invitation(region).pk},
    **{
        f"accounts:{page}": lambda region: {"pk": factories.access_request(region).pk}
        for page in ("request", "evidence", "request-withdraw")
    },
}


def _leave_token(region: Area) -> str:
    return links.token(letters.LEAVE, str(factories.subscription(region).pk))


def _request(region: Area) -> Any:
    return factories.volunteer_request(factories.body(region))


def _volunteer_token(region: Area, purpose: str) -> str:
    row = factories.introduction(_request(region), state="unconfirmed")
    return links.token(purpose, [row.table, str(row.pk)])


def _notice_file(region: Area) -> dict[str, Any]:
    notice = factories.notice(factories.body(region))
    return {"pk": notice.pk, "number": notice.files.get().pk}


def _forget_token(region: Area) -> str:
    return links.token(network_letters.FORGET, ["letter", str(factories.letter(factories.body(region)).pk)])


def _membership(region: Area) -> Any:
    return factories.body_administrator(region).memberships.get()


def _confirmation_token(region: Area) -> str:
    structure = factories.structure(region=region, municipality=None, point=None)
    return links.token(confirming.PURPOSE, [str(structure.pk), structure.version])


def _structure(region: Area) -> Any:
    return factories.structure(region=region, municipality=None, point=None).pk


@dataclass(frozen=True)
class Route:
    """One address: its name, how it is written, whose view it is, its parameters."""

    name: str
    written: str
    view: str
    converters: dict[str, Any]

    def address(self, region: Area) -> str:
        """An address to visit."""
        example = EXAMPLES.get(self.name)
        values = example(region) if example else {k: _nothing(c) for k, c in self.converters.items()}
        return reverse(self.name, kwargs=values)


def _nothing(converter: Any) -> Any:
    """A value that fits the converter and names nothing."""
    if isinstance(converter, UUIDConverter):
        return "00000000-0000-4000-8000-000000000000"
    if isinstance(converter, IntConverter):
        return 9
    return "nothing" if converter is None or isinstance(converter, StringConverter) else "0"


def walk(resolver: URLResolver | None = None) -> Iterator[Route]:
    """Every route, through every included list."""
    yield from _walk(resolver or get_resolver(), (), "", {})


def _walk(
    resolver: URLResolver, namespaces: tuple[str, ...], before: str, converters: dict[str, Any]
) -> Iterator[Route]:
    for entry in resolver.url_patterns:
        written = before + _written(entry)
        found = converters | _converters(entry)
        if isinstance(entry, URLPattern):
            view = entry.callback
            where = f"{view.__module__}.{getattr(view, '__qualname__', type(view).__qualname__)}"
            yield Route(":".join([*namespaces, entry.name or ""]), written, where, found)
        else:
            inner = (*namespaces, entry.namespace) if entry.namespace else namespaces
            yield from _walk(entry, inner, written, found)


def _written(entry: URLPattern | URLResolver) -> str:
    return "" if isinstance(entry.pattern, LocalePrefixPattern) else str(entry.pattern)


def _converters(entry: URLPattern | URLResolver) -> dict[str, Any]:
    if isinstance(entry.pattern, RoutePattern):
        return dict(entry.pattern.converters)
    if isinstance(entry.pattern, RegexPattern):
        return dict.fromkeys(entry.pattern.regex.groupindex)
    return {}
