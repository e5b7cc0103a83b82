"""The room's tasks on the desk of those who work here."""

from django.utils.translation import gettext_lazy as _

from entaxis.accounts.desk import Group, Task, register
from entaxis.accounts.models import User
from entaxis.geography.models import Area
from entaxis.sources import contradicting, phenomena
from entaxis.sources.models import SourceEdition
from entaxis.sources.rules import keeps_sources, reports_phenomena


def _waiting(user: User, region: Area) -> int:
    states = (SourceEdition.State.WAITING, SourceEdition.State.STAGED)
    return SourceEdition.objects.filter(source__region=region, state__in=states).count()


def _disputed(user: User, region: Area) -> int:
    return contradicting.waiting(region)


register(
    Task(
        Group.FIGURES,
        _("Reports of phenomena"),
        "sources:office-phenomena",
        reports_phenomena,
        phenomena.waiting,
    ),
    Task(Group.REGION, _("Sources of figures"), "sources:office", keeps_sources, _waiting),
    Task(Group.REGION, _("Measures of tables"), "sources:office-measures", keeps_sources),
    Task(Group.REGION, _("Contradictions"), "sources:office-contradictions", keeps_sources, _disputed),
    Task(Group.REGION, _("Amounts of benefits"), "sources:office-amounts", keeps_sources),
)
