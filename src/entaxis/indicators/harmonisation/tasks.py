"""Recipes are computed in the background."""

from procrastinate.contrib.django import app

from entaxis.indicators.harmonisation import actions
from entaxis.indicators.harmonisation.models import RecipeRun


@app.task(name="indicators.run_recipe", queue="statistics")
def run_recipe(run: int) -> None:
    """Compute a run; what goes wrong is said on the page of recipes."""
    waiting = RecipeRun.objects.filter(pk=run, state=RecipeRun.State.WAITING)
    found = waiting.select_related("recipe__version__indicator", "region", "created_by").get()
    try:
        actions.compute(run=found)
    except Exception as error:
        waiting.update(state=RecipeRun.State.FAILED, failure=str(error)[:1000] or type(error).__name__)
        raise
