"""The directory's tasks on the desk of those who work here."""

from django.utils.translation import gettext_lazy as _

from entaxis.accounts.desk import Group, Task, register
from entaxis.accounts.models import User
from entaxis.accounts.rules import is_editor, is_region_administrator
from entaxis.directory import claiming, queries, rules
from entaxis.directory.callbacks import queries as callbacks
from entaxis.directory.duplicates import merging
from entaxis.directory.models import Callback, Claim, ErrorReport, Resemblance
from entaxis.geography.models import Area


def _calls(user: User, region: Area) -> int:
    return callbacks.callbacks_for(user, region).filter(state=Callback.State.OPEN).count()


def _for_review(user: User, region: Area) -> int:
    return queries.proposals_of(region).count()


def _open_reports(user: User, region: Area) -> int:
    return queries.reports_of(region).filter(state=ErrorReport.State.OPEN).count()


def _duplicates(user: User, region: Area) -> int:
    rows = merging.visible(region, to_administrator=is_region_administrator(user, region))
    return rows.filter(state=Resemblance.State.OPEN).count()


def _claims(user: User, region: Area) -> int:
    return claiming.of_region(region).filter(state=Claim.State.OPEN).count()


register(
    Task(Group.DIRECTORY, _("The entries I keep"), "directory:office-mine", rules.keeps_entries),
    Task(Group.DIRECTORY, _("Calls to make"), "directory:office-callbacks", callbacks.calls, _calls),
    Task(Group.DIRECTORY, _("All structures"), "directory:office-structures", is_editor),
    Task(Group.DIRECTORY, _("For review"), "directory:office-proposals", is_editor, _for_review),
    Task(Group.DIRECTORY, _("Error reports"), "directory:office-reports", is_editor, _open_reports),
    Task(Group.DIRECTORY, _("Possible duplicates"), "directory:office-duplicates", is_editor, _duplicates),
    Task(Group.DIRECTORY, _("“This is ours”"), "directory:office-claims", is_editor, _claims),
    Task(Group.DIRECTORY, _("Import from a file"), "directory:import", is_editor),
    Task(Group.DIRECTORY, _("Completeness"), "directory:office-completeness", is_editor),
    Task(Group.DIRECTORY, _("Words of the search"), "directory:office-phrases", is_editor),
    Task(Group.DIRECTORY, _("Local holidays"), "directory:office-holidays", is_editor),
)
