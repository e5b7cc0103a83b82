"""The network's tasks on the desk of those who work here."""

from django.utils.translation import gettext_lazy as _

from entaxis.accounts.desk import Group, Task, register
from entaxis.accounts.models import User
from entaxis.accounts.rules import is_body_member, is_editor
from entaxis.directory.network import pieces, queries, rules
from entaxis.geography.models import Area


def _letters(user: User, region: Area) -> int:
    return queries.letters_for(user, region).filter(answered_at=None).count()


def _volunteers(user: User, region: Area) -> int:
    return queries.introductions_for(user, region).filter(answered_at=None).count()


def _to_check(user: User, region: Area) -> int:
    offers = queries.offers_to_check(user, region).count()
    return queries.introductions_to_check(user, region).count() + offers


def _for_review(user: User, region: Area) -> int:
    return pieces.waiting(region)


register(
    Task(Group.NETWORK, _("Bodies, and what they say of themselves"), "network:office", is_body_member),
    Task(Group.NETWORK, _("Messages to bodies"), "network:office-letters", is_body_member, _letters),
    Task(
        Group.NETWORK,
        _("Volunteers who wrote"),
        "network:office-introductions",
        is_body_member,
        _volunteers,
    ),
    Task(
        Group.NETWORK,
        _("Volunteers to check"),
        "network:office-vetting",
        rules.checks_volunteers,
        _to_check,
    ),
    Task(Group.NETWORK, _("Texts of bodies for review"), "network:office-review", is_editor, _for_review),
    Task(Group.NETWORK, _("Requests for volunteers"), "network:office-requests", rules.asks_for_volunteers),
    Task(Group.NETWORK, _("Good practices"), "network:office-practices", is_body_member),
    Task(Group.NETWORK, _("Networks of bodies"), "network:office-networks", is_body_member),
    Task(Group.NETWORK, _("Networks of your bodies"), "network:office-joining", is_body_member),
    Task(Group.NETWORK, _("Notice board"), "network:office-board", is_body_member),
)
