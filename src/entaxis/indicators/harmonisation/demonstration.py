"""One composite index a region, out of the demonstration's surveys: computed and approved as a real one."""

from entaxis.accounts.models import User
from entaxis.geography.models import Area
from entaxis.indicators import actions as chain
from entaxis.indicators.harmonisation import actions, queries, source
from entaxis.indicators.models import ReleasedSeries

INDEX = "deprivation_index"


def publish(*, region: Area, maker: User, approver: User) -> None:
    """Bring the recipes in and publish the index of the last survey. Safe to repeat."""
    source.load()
    recipe = queries.recipe(INDEX)
    held = ReleasedSeries.objects.filter(region=region, is_current=True)
    period = (
        held.filter(indicator__code="arope").order_by("-period").values_list("period", flat=True).first()
    )
    if recipe is None or period is None or held.filter(indicator__code=INDEX, period=period).exists():
        return
    run = actions.begin(recipe=recipe, region=region, period=period, by=maker)
    actions.compute(run=run)
    if run.release is not None:
        chain.approve(release=run.release, by=approver)
