"""Where everybody who works here begins: the tasks that are theirs, with how much waits.

A room declares its tasks in its app's ``ready()``::

    register(Task(Group.DIRECTORY, _("For review"), "directory:office-proposals", is_editor, waiting))
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import TextChoices
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from entaxis.accounts.models import User
from entaxis.accounts.rules import Predicate, Somebody
from entaxis.geography.models import Area


class Group(TextChoices):
    """The parts of the desk, in their order."""

    DIRECTORY = "directory", _("Structures")
    PUBLISHING = "publishing", _("News and actions")
    NETWORK = "network", _("Network")
    DOCUMENTATION = "documentation", _("Documentation")
    FIGURES = "figures", _("Figures")
    PEOPLE = "people", _("People and bodies")
    REGION = "region", _("Settings of the region")


@dataclass(frozen=True)
class Task:
    """One door of the desk: its words, the page behind it, who has it, how much waits there."""

    group: Group
    title: Any  # a lazy text
    route: str
    may: Predicate
    waiting: Callable[[User, Area], int] | None = None


@dataclass(frozen=True)
class Door:
    """A task as one person sees it; ``waiting`` is 0 where nothing waits or nothing can."""

    title: str
    url: str
    waiting: int


_tasks: list[Task] = []


def register(*tasks: Task) -> None:
    """Put tasks on the desk, below those of their group that were registered before."""
    _tasks.extend(task for task in tasks if task not in _tasks)


def works_here(user: Somebody, region: Area) -> bool:
    """Whether at least one task is this person's."""
    return any(task.may(user, region) for task in _tasks)


def desk_of(user: User, region: Area) -> list[tuple[str, list[Door]]]:
    """The parts of this person's desk that are not empty, each with its doors; one query a count."""
    parts = []
    for group in Group:
        mine = [task for task in _tasks if task.group == group and task.may(user, region)]
        if mine:
            parts.append((str(group.label), [_door(task, user, region) for task in mine]))
    return parts


def _door(task: Task, user: User, region: Area) -> Door:
    waiting = task.waiting(user, region) if task.waiting else 0
    return Door(str(task.title), reverse(task.route), waiting)
