"""A real, small synthetic edition from its file to the digit."""

import hashlib
import re
from collections.abc import Callable, Iterator
from datetime import date
from functools import partial
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from django.test import Client
from django.utils import formats

import socialstats as ss
from entaxis.accounts.models import User
from entaxis.geography.models import Area
from entaxis.indicators import actions, computation, demonstration, recomputing, source, store, suppression
from entaxis.indicators.description import Specification
from entaxis.indicators.models import Edition, IndicatorVersion, Observation, Release
from entaxis.indicators.problems import EditionRefusedError
from socialstats import smallarea
from socialstats.publication import ModelledRule
from tests.indicators.conftest import SIZES

pytestmark = pytest.mark.django_db


@pytest.fixture
def edition(region: Area, maker: User, file: tuple[bytes, str]) -> Edition:
    return actions.import_edition(region=region, content=file[0], specification=file[1], by=maker)


@pytest.fixture
def few(region: Area) -> Iterator[None]:
    """A catalogue of three computations: the others are alike."""
    IndicatorVersion.objects.exclude(indicator__code__in=("arop", "median_income", "neet")).update(
        computation=""
    )
    return


def test_an_edition_is_sealed_with_its_checksum_and_enters_once(
    edition: Edition, region: Area, maker: User, file: tuple[bytes, str]
) -> None:
    assert edition.checksum == hashlib.sha256(file[0]).hexdigest()
    assert edition.is_synthetic
    assert store.read_file(edition) == file[0]
    again = actions.import_edition(region=region, content=file[0], specification=file[1], by=maker)
    assert again == edition


def test_what_is_wrong_with_a_file_is_said_in_a_sentence(region: Area, file: tuple[bytes, str]) -> None:
    content, text = file
    wrongs = {
        text.replace('weight = "weight"', 'weight = "wieght"'): "wieght",
        text.replace("2 = ", "7 = "): "χωρίς σημασία",
        text.replace("line_eur", "line"): "line_eur",
        "not toml": "TOML",
        text.replace('"lone_parent"', '"lonely"'): "lonely",
        text.replace('"lone_parent"', '"income"'): "με 1 και 0",
        text.replace("lone_parents =", "left_handed ="): "left_handed",
    }
    for wrong, sentence in wrongs.items():
        with pytest.raises(EditionRefusedError, match=sentence):
            actions.import_edition(region=region, content=content, specification=wrong, by=None)
    with pytest.raises(EditionRefusedError, match="Parquet"):
        actions.import_edition(region=region, content=b"a;b", specification=text, by=None)
    assert not Edition.objects.exists()


def test_municipalities_of_another_region_are_refused(region: Area, file: tuple[bytes, str]) -> None:
    frame = pl.read_parquet(file[0]).with_columns(pl.lit("9999").alias("municipality"))
    with pytest.raises(EditionRefusedError, match="δεν ονομάζουν δήμο"):
        actions.import_edition(
            region=region, content=computation.written(frame), specification=file[1], by=None
        )


@pytest.mark.usefixtures("few")
def test_the_same_edition_gives_the_same_digest(edition: Edition, maker: User) -> None:
    first, second = (actions.begin(edition=edition, by=maker) for _ in range(2))
    for release in (first, second):
        actions.estimate(release=release)
    assert first.digest == second.digest
    assert first.state == Release.State.CHECKED
    first.refresh_from_db()
    assert first.done == first.total == 3


@pytest.mark.usefixtures("few")
def test_a_published_figure_is_recomputed_to_the_digit(
    edition: Edition, maker: User, approver: User, region: Area, monkeypatch: pytest.MonkeyPatch
) -> None:
    # so few municipalities leave a model too unsure: here any error will do
    monkeypatch.setattr(computation.small_areas, "ModelledRule", partial(ModelledRule, 400.0, 500.0))
    monkeypatch.setattr(suppression, "_is_better", lambda model, row: model.flag != ":u")
    release = actions.begin(edition=edition, by=maker)
    actions.estimate(release=release)
    actions.approve(release=release, by=approver)
    rows = Observation.objects.filter(series__indicator__code="arop", value__isnull=False)
    whole = rows.get(area=region, breakdown="total")
    assert recomputing._again(whole, lambda *_: None) == (whole.value, True)
    for code in ("arop", "median_income"):
        modelled = Observation.objects.filter(is_modelled=True, series__indicator__code=code).first()
        assert modelled is not None
        assert recomputing._again(modelled, lambda *_: None) == (modelled.value, True)
    for row in Observation.objects.filter(series__indicator__code="arop", value=None).order_by("pk")[:2]:
        assert recomputing._again(row, lambda *_: None) == (None, True), row.reason
    later = IndicatorVersion.objects.get(pk=whole.series.version_id)
    later.pk, later.number, later.computation, later.valid_from = None, 9, "arop:70", date(2023, 1, 1)
    later.save()
    assert recomputing._again(whole, lambda *_: None) == (whole.value, True), "as its own version says"
    whole.value = (whole.value or 0) + 1e-12
    assert not recomputing._again(whole, lambda *_: None)[1]


@pytest.mark.usefixtures("few")
def test_a_file_that_was_changed_under_the_seal_is_noticed(edition: Edition, as_owner: None) -> None:
    Edition.objects.filter(pk=edition.pk).update(checksum="0" * 64)
    edition.refresh_from_db()
    with pytest.raises(ValueError, match="checksum"):
        store.read_file(edition)


@pytest.mark.usefixtures("few")
def test_persons_behind_cells_add_up(edition: Edition, region: Area) -> None:
    inside = actions.places(region)
    said = Specification.read(edition.specification)
    checked = computation.check(store.read_file(edition), said, inside)
    rows = list(computation.compute(checked, {"neet": "percent", "median": "euro"}, inside))
    for name in ("neet", "median"):
        members = {
            (c.area, c.breakdown): c.members for c in rows if c.computation == name and c.kind == "direct"
        }
        assert sum(members[code, "total"] for code in SIZES) == members["EL61", "total"]
        assert members["22", "sex=male"] + members["22", "sex=female"] == members["22", "total"]
        assert (
            sum(members["EL61", f"age={key}"] for key, _a, _b in computation.AGES)
            == members["EL61", "total"]
        )


@pytest.mark.usefixtures("few")
def test_a_direct_figure_with_a_large_error_is_flagged_however_many_were_asked(
    edition: Edition, region: Area
) -> None:
    inside = actions.places(region)
    checked = computation.check(store.read_file(edition), Specification.read(edition.specification), inside)
    rows = [
        row
        for row in computation.compute(checked, {"arop:40": "percent", "median": "euro"}, inside)
        if row.kind == "direct" and row.n >= 50 and row.standard_error and row.flag != ":u"
    ]
    large = {True: 0, False: 0}
    for row in rows:
        assert row.value is not None
        assert row.ci_low is not None
        assert row.ci_high is not None
        sides = (row.value - row.ci_low, row.ci_high - row.value, 1.96 * (row.standard_error or 0))
        is_large = max(sides) / 1.96 > row.value / 3
        large[is_large] += 1
        assert row.flag == ("u" if is_large else ""), row
    assert all(large.values()), large


INCOMES: dict[str, str] = {"median": "euro", "gini": "index", "s80s20": "ratio", "gap:60": "percent"}


def test_indicators_of_income_are_modelled_each_with_the_error_of_its_own(
    region: Area, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They have no binomial variance, and the region's is no mean of its municipalities'."""
    monkeypatch.setattr(demonstration, "AREAS_A_UNIT", 80)
    inside = actions.places(region)
    content, text = demonstration.edition_of(inside, 2023)
    said = Specification.read(text)
    checked = computation.check(content, said, inside)
    rows = list(computation.compute(checked, INCOMES, inside))
    line = said.line_eur
    homes = smallarea.Homes.of(checked.survey, computation.PLACE, sorted(SIZES))
    declared = np.array([said.covariates[code][0] for code in sorted(SIZES)])
    x = np.column_stack([np.ones(6), (declared - declared.mean()) / declared.std()])
    for name in INCOMES:
        made = {row.area: row for row in rows if row.computation == name and row.kind == "modelled"}
        assert made.keys() == SIZES.keys()
        direct = [
            next(
                row
                for row in rows
                if (row.computation, row.area, row.breakdown, row.kind) == (name, code, "total", "direct")
            )
            for code in sorted(SIZES)
        ]
        again = smallarea.model_incomes(
            name.partition(":")[0],
            [row.value for row in direct],
            [row.standard_error for row in direct],
            homes,
            x,
            areas=sorted(SIZES),
            line=line,
        )
        for at, code in enumerate(sorted(SIZES)):
            row = made[code]
            assert row.value == pytest.approx(again.estimates[at])
            assert row.standard_error == pytest.approx(np.sqrt(again.mse[at]))
            assert (row.ci_low, row.ci_high) == pytest.approx((again.low[at], again.high[at]))
            assert row.n_effective is None
            assert row.members == direct[at].members


def test_where_too_few_are_poor_their_gap_is_not_modelled(edition: Edition, region: Area) -> None:
    inside = actions.places(region)
    checked = computation.check(store.read_file(edition), Specification.read(edition.specification), inside)
    rows = list(computation.compute(checked, INCOMES, inside))
    assert {row.computation for row in rows if row.kind == "modelled"} == {"median", "gini", "s80s20"}


def test_a_share_of_some_persons_adds_up_over_those_persons(edition: Edition, region: Area) -> None:
    inside = actions.places(region)
    checked = computation.check(store.read_file(edition), Specification.read(edition.specification), inside)
    rows = list(computation.compute(checked, {"neet": "percent"}, inside))
    whole = next(row for row in rows if (row.area, row.breakdown) == ("EL61", "total"))
    frame = checked.survey.frame.with_columns(pl.Series("about", checked.survey.flags["neet"].population))
    sizes = {}
    for code, residents in SIZES.items():
        unit = frame.filter(pl.col("unit") == code[:2])
        young = unit.filter(pl.col("about"))["weight"].sum() / unit["weight"].sum()
        assert 0 < young < 0.5
        sizes[code] = residents * young
    told = {row.area: row.value or 0.0 for row in rows if row.kind == "modelled"}
    assert told.keys() == SIZES.keys()
    together = sum(sizes[code] * told[code] for code in told) / sum(sizes.values())
    assert together == pytest.approx(whole.value)


@pytest.mark.usefixtures("few")
def test_sub_groups_of_the_survey_are_told_with_their_errors(
    region: Area, lists: None, maker: User, approver: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(demonstration, "AREAS_A_UNIT", 80)  # one household of 25 is such a family
    inside = actions.places(region)
    content, text = demonstration.edition_of(inside, 2023)
    edition = actions.import_edition(region=region, content=content, specification=text, by=maker)
    said = Specification.read(edition.specification)
    checked = computation.check(store.read_file(edition), said, inside)
    rows = [
        cell
        for cell in computation.compute(checked, {"arop:60": "percent"}, inside)
        if cell.breakdown == "subgroup=lone_parents"
    ]
    found = {cell.area: cell for cell in rows}
    assert found.keys() == {"EL61", "22", "23"}, "the region and its units, nothing finer"
    frame = checked.survey.frame
    mine = frame.filter(pl.col("lone_parent") == 1)
    weight, poor = mine["weight"], mine["income"] < said.line_eur
    assert found["EL61"].value == pytest.approx(100 * weight.filter(poor).sum() / weight.sum())
    assert found["EL61"].members == found["22"].members + found["23"].members == mine.height
    assert found["EL61"].numerator == int(poor.sum())
    alone = mine["household"].n_unique()
    assert (found["EL61"].standard_error or 0) > 0
    assert alone < mine.height, "a family is one answer, so that the error is more than of a simple sample"
    release = actions.begin(edition=edition, by=maker)
    actions.estimate(release=release)
    actions.approve(release=release, by=approver)
    shown = Observation.objects.filter(breakdown="subgroup=lone_parents", value__isnull=False)
    assert not shown.filter(n__lt=20).exists()
    whole = shown.get(area=region, series__indicator__code="arop")
    assert whole.value == found["EL61"].value


def test_a_figure_without_an_error_stays_and_intervals_stay_within_what_is_possible(
    region: Area, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(demonstration, "AREAS_A_UNIT", 4)
    content, specification = demonstration.edition_of(actions.places(region), 2023)
    inside = actions.places(region)
    checked = computation.check(content, Specification.read(specification), inside)
    units = {"gini": "index", "median": "euro", "neet": "percent"}
    rows = list(computation.compute(checked, units, inside))
    lone = [row for row in rows if row.note == computation.UNSURE]
    areas = pl.read_parquet(content).group_by("municipality").agg(pl.col("area").n_unique())
    expected = set(areas.filter(pl.col("area") == 1)["municipality"])
    assert {row.area for row in lone if row.breakdown == "total"} == expected
    assert expected
    for row in rows:
        if row.value is None:
            continue
        assert row.standard_error is not None
        assert row.ci_low is not None
        assert row.ci_high is not None
        assert 0 <= row.ci_low <= row.value <= row.ci_high
        assert row.computation == "median" or row.ci_high <= 100
    assert {row.area for row in rows if row.kind == "modelled"} >= expected, "the model learns from them"


def test_loading_the_catalogue_again_changes_nothing(region: Area) -> None:
    assert source.load() == 0


def test_a_version_that_carries_figures_is_not_rewritten(
    region: Area, publish: object, tmp_path: object
) -> None:
    publish()  # type: ignore[operator]
    text = source.DATA.read_text(encoding="utf-8").replace("60 % of the national median", "half of it")
    changed = Path(str(tmp_path)) / "catalogue.toml"
    changed.write_text(text, encoding="utf-8")
    with pytest.raises(source.CatalogueRefusedError, match="carries figures"):
        source.load(changed)


def test_a_formula_or_method_that_came_later_than_the_figures_stops_nothing(
    region: Area, publish: Callable[..., object], tmp_path: Path
) -> None:
    """An installation whose figures are older than the catalogue's formula keeps them as they are."""
    version = IndicatorVersion.objects.get(indicator__code="arop")
    said, version.formula, version.method_page = version.formula, "", ""
    version.save()
    publish()
    assert source.load() == 0
    version.refresh_from_db()
    assert version.formula == ""
    changed = tmp_path / "catalogue.toml"
    text = source.DATA.read_text(encoding="utf-8").replace(said, f"{said} + 1")
    changed.write_text(text.replace("60 % of the national median", "half of it"), encoding="utf-8")
    with pytest.raises(source.CatalogueRefusedError, match="carries figures"):
        source.load(changed)


def test_a_breakdown_that_came_later_than_the_figures_stops_nothing(
    region: Area, publish: Callable[..., object], tmp_path: Path
) -> None:
    publish()
    changed = tmp_path / "catalogue.toml"
    text = source.DATA.read_text(encoding="utf-8")
    at = text.index('breakdowns = ["sex", "age"', text.index('code = "arop"'))
    changed.write_text(text[:at] + text[at:].replace('"sex", ', '"duration", "sex", ', 1), encoding="utf-8")
    assert source.load(changed) == 0
    changed.write_text(text[:at] + text[at:].replace('"sex", ', "", 1), encoding="utf-8")
    with pytest.raises(source.CatalogueRefusedError, match="carries figures"):
        source.load(changed)


def test_every_ready_made_indicator_has_its_formula_and_the_page_of_its_method(region: Area) -> None:
    assert not IndicatorVersion.objects.filter(formula="").exists()
    assert not IndicatorVersion.objects.filter(method_page="").exists()


def test_every_computation_of_the_catalogue_exists(region: Area, edition: Edition) -> None:
    said = Specification.read(edition.specification)
    checked = computation.check(store.read_file(edition), said, actions.places(region))
    names = IndicatorVersion.objects.exclude(computation="").values_list("computation", flat=True)
    estimated = [name for name in names if not name.startswith("source:")]
    assert [name for name in estimated if not checked.knows(name)] == []


def test_a_figure_tells_the_poverty_line_where_one_entered(region: Area, edition: Edition) -> None:
    said = Specification.read(edition.specification)
    checked = computation.check(store.read_file(edition), said, actions.places(region))
    names = IndicatorVersion.objects.exclude(computation="").values_list("computation", flat=True)
    estimated = [name for name in names if not name.startswith("source:")]
    line = ss.Line.given(float(edition.line_eur), "given")

    def enters(name: str) -> bool:
        first, *_ = ss.estimate(checked.survey, computation.parse(name)[0], line=line)
        return "line: given" in first.method

    entered = {name: enters(name) for name in estimated}
    assert {name: computation.line_percent(name) is not None for name in estimated} == entered
    assert computation.line_percent("arop:40") == 40


@pytest.mark.usefixtures("few")
def test_a_passport_tells_the_poverty_line_where_one_entered(
    edition: Edition, maker: User, approver: User, region: Area, client: Client
) -> None:
    IndicatorVersion.objects.filter(indicator__code="arop").update(computation="arop:40")
    release = actions.begin(edition=edition, by=maker)
    actions.estimate(release=release)
    actions.approve(release=release, by=approver)
    told = {}
    for code in ("arop", "median_income"):
        row = Observation.objects.get(series__indicator__code=code, area=region, breakdown="total")
        page = client.get(f"/en/figures/{row.public_id}/", HTTP_HOST="thessaly.localhost")
        told[code] = re.findall(r"<dt>Poverty line</dt><dd>([^<–]+) –", page.content.decode())
    amount = formats.number_format(float(edition.line_eur) * 40 / 60, 2, force_grouping=True)
    assert told == {"arop": [f"{amount} €, 40 % of the national median"], "median_income": []}
