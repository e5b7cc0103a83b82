"""Run a recipe: published figures in, a candidate release out, every step recorded."""

from typing import Any

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from entaxis.accounts.models import User
from entaxis.geography.models import Area
from entaxis.indicators import actions, computation
from entaxis.indicators.actions import NotNowError
from entaxis.indicators.harmonisation import computing, queries
from entaxis.indicators.harmonisation.models import Recipe, RecipeRun
from entaxis.indicators.models import Candidate, Reason, Release


def begin(
    *, recipe: Recipe, region: Area, period: str, by: User, note: str = "", note_en: str = ""
) -> RecipeRun:
    """A run that is still to be computed; where figures are public already the note says why again.

    Raises:
        NotNowError: the recipe has published figures for the period and no note says why others come.
    """
    run = RecipeRun(recipe=recipe, region=region, period=period, created_by=by, note=note, note_en=note_en)
    if not note and _in_force(run) is not None:
        raise NotNowError(_("Figures of this period are public: say what the new ones correct and why."))
    run.save()
    return run


def _in_force(run: RecipeRun) -> Release | None:
    held = Release.objects.filter(
        region=run.region_id,
        series__indicator=run.recipe.version.indicator_id,
        series__period=run.period,
        series__is_current=True,
    )
    return held.first()


def compute(*, run: RecipeRun) -> None:
    """Compute a run and propose its figures; figures that do not bear the recipe are said plainly."""
    steps = run.recipe.done
    try:
        gathered = queries.gather(steps, run.region, run.period)
        made, result = computing.compute(steps, gathered.table)
    except computing.CannotComputeError as error:
        run.state, run.failure = RecipeRun.State.FAILED, str(error)
        run.save(update_fields=["state", "failure"])
        return
    result["left_out"] = [vars(one) for one in gathered.left_out]
    with transaction.atomic():
        run.release = actions.propose(
            region=run.region,
            titles=_titles(run),
            sources=_sources(run.recipe),
            cells=_cells(run, made, gathered),
            is_synthetic=gathered.is_synthetic,
            supersedes=_in_force(run),
            notes={"el": run.note, "en": run.note_en},
            by=run.created_by,
        )
        run.state, run.inputs, run.result = RecipeRun.State.DONE, gathered.record, result
        run.digest, run.code_version = gathered.digest, computation.version()
        run.save()


def _titles(run: RecipeRun) -> dict[str, str]:
    version = run.recipe.version
    return {"el": f"{version.name_el}, {run.period}", "en": f"{version.name_en}, {run.period}"}


def _sources(recipe: Recipe) -> dict[str, str]:
    """The recipe and its version, in both languages."""
    said = {}
    for language, name in (("el", recipe.version.name_el), ("en", recipe.version.name_en)):
        with translation.override(language):
            said[language] = _("Recipe “%(name)s”, version %(number)s, from published figures") % {
                "name": name,
                "number": recipe.version.number,
            }
    return said


def _cells(run: RecipeRun, made: list[computing.Made], gathered: queries.Gathered) -> list[Candidate]:
    areas = dict(Area.objects.current().of(run.region).values_list("code", "pk"))
    areas[run.region.code] = run.region_id
    # a rate of a count that is "at least" is so itself; into a place or a mean of scores none went
    partial = gathered.reported if run.recipe.done.needs_residents else {}
    cells = [
        _cell(run, areas[one.code], value=one.value, standard_error=one.standard_error, ci_low=one.low,
              ci_high=one.high, flag=_flag(one), note=Reason.UNSURE if one.is_unsure else "",
              kind=Candidate.MODELLED if one.is_modelled else Candidate.DIRECT,
              **dict(zip(("reported", "reported_of"), partial.get(one.code, (None, None)), strict=True)))
        for one in made
    ]  # fmt: skip
    without = {one.code for one in gathered.left_out}
    none = set(gathered.table.codes) - {one.code for one in made}
    return [
        *cells,
        *(_cell(run, areas[code], note=Reason.NO_INPUT) for code in sorted(without)),
        *(_cell(run, areas[code], note=Reason.NOT_DEFINED) for code in sorted(none)),
    ]


def _flag(one: computing.Made) -> str:
    if one.is_unsure:
        return ":u"
    return "u" if one.is_unreliable else ""


def _cell(run: RecipeRun, area: int, **said: Any) -> Candidate:
    """No person stands behind it but those of figures that are public: there is nobody to protect."""
    return Candidate(
        version=run.recipe.version, period=run.period, area_id=area, breakdown="total",
        members=0, **({"kind": Candidate.DIRECT, "flag": "", "note": ""} | said),
    )  # fmt: skip


def computed_again(*, run: RecipeRun) -> tuple[list[Candidate], bool]:
    """What the recipe gives now from the very figures that went into a run, and whether all is the same.

    Published figures are never removed: those that a later release replaced are read as they were.

    Raises:
        CannotComputeError: residents that went in are no longer known.
    """
    steps = run.recipe.done
    series = {name: one["series"] for name, one in run.inputs.items()}
    gathered = queries.gather(steps, run.region, run.period, series=series)
    made, result = computing.compute(steps, gathered.table)
    kept = {key: value for key, value in run.result.items() if key != "left_out"}
    return _cells(run, made, gathered), gathered.digest == run.digest and result == kept
