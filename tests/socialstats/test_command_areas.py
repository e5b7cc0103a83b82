"""The commands for weights, areas and tables, as an analyst would type them."""

import io
import json
from pathlib import Path

import polars as pl
import pytest

from socialstats.__main__ import main

FOLDER = Path(__file__).parents[1] / "reference" / "socialstats"
PERSONS = FOLDER / "weighting_input.csv"
MILK = FOLDER / "milk.csv"


def run(line: str, **files: Path) -> int:
    """A command line with names of files in braces."""
    return main([word.format(persons=PERSONS, milk=MILK, folder=FOLDER, **files) for word in line.split()])


@pytest.fixture
def totals(tmp_path: Path) -> Path:
    path = tmp_path / "totals.csv"
    path.write_text(
        "margin,class,total\nsex,1,3600\nsex,2,3800\nage,0-17,1300\nage,18-39,2100\nage,40-64,2500\n"
        "age,65+,1500\nincome,,79000000\n",
        encoding="utf-8",
    )
    return path


def test_weight_calibrates_to_the_totals_of_a_file(capsys, totals, tmp_path):
    output = tmp_path / "weighted.csv"
    options = "--method logit --bounds 0.4 2.5 --output {output} --json"
    line = f"weight {{persons}} --weight weight --totals {{totals}} {options}"
    assert run(line, totals=totals, output=output) == 0
    shown = capsys.readouterr()
    rows = [json.loads(row) for row in shown.out.splitlines()]
    assert {row["margin"] for row in rows} >= {"sex=1", "age=65+", "income"}
    assert all(row["after"] == pytest.approx(row["target"]) for row in rows)
    assert "largest_relative_error" in shown.err
    text = (FOLDER / "weighting.csv").read_text(encoding="utf-8").replace(" ", "")
    made = pl.read_csv(output)["final_weight"]
    assert (made - pl.read_csv(text.encode())["logit"]).abs().max() < 1e-7


def test_weight_with_cells_keeps_those_who_answered(capsys, tmp_path):
    output = tmp_path / "weighted.csv"
    cells = "--responded responded --cells age sex --trim-times-median 6"
    line = f"weight {{persons}} --weight weight {cells} --output {{output}} --format csv --quiet"
    assert run(line, output=output) == 0
    assert capsys.readouterr().err == ""
    source = pl.read_csv(PERSONS)
    made = pl.read_csv(output)
    assert made.height == source["responded"].sum()
    assert made["final_weight"].sum() == pytest.approx(source["weight"].sum())


def test_smallarea_gives_the_published_milk_estimates(capsys, tmp_path):
    path = tmp_path / "milk.csv"
    milk = pl.read_csv(MILK)
    major = {f"m{k}": (pl.col("major_area") == k).cast(pl.Int8) for k in (2, 3, 4)}
    milk.with_columns(variance=pl.col("std_error") ** 2, **major).write_csv(path)
    columns = "--area small_area --direct direct_est --variance variance --covariates m2 m3 m4"
    line = f"smallarea {{file}} {columns} --format csv"
    assert run(line, file=path) == 0
    table = pl.read_csv(io.StringIO(capsys.readouterr().out))
    published = pl.read_csv(FOLDER / "milk_sae.csv")
    assert (table["composite"] - published["reml_eblup"]).abs().max() < 5e-6
    assert run(f"{line} --size samp_size --benchmark all=1.0", file=path) == 0
    moved = pl.read_csv(io.StringIO(capsys.readouterr().out))
    share = milk["samp_size"] / milk["samp_size"].sum()
    assert (moved["benchmarked"] * share).sum() == pytest.approx(1.0)


def test_smallarea_from_persons(capsys):
    files = "{folder}/ebp_sample.csv --population {folder}/ebp_population.csv"
    columns = "--area area --income income --covariates age work --line-amount 9000 --transform log"
    options = "--indicator head_count --simulations 20 --replicates 4 --json"
    assert run(f"smallarea {files} {columns} {options}") == 0
    rows = [json.loads(row) for row in capsys.readouterr().out.splitlines()]
    assert len(rows) == 12
    assert all(row["mse"] > 0 and row["method"] == "modelled: ebp log" for row in rows)


def test_suppress_hides_what_must_be_hidden(capsys, tmp_path):
    path = tmp_path / "counts.csv"
    path.write_text(
        "unit,town,group,count\nA,x,p,3\nA,x,q,20\nA,y,p,30\nA,y,q,8\n"
        "B,z,p,15\nB,z,q,25\nB,w,p,9\nB,w,q,11\n",
        encoding="utf-8",
    )
    line = "suppress {file} --by town group --count count --parent town=unit"
    assert run(f"{line} --format csv", file=path) == 0
    shown = capsys.readouterr()
    table = pl.read_csv(io.StringIO(shown.out))
    assert table.height == 7 * 3
    hidden = table.filter(pl.col("status") == "suppressed")
    assert hidden.filter((pl.col("town") == "x") & (pl.col("group") == "p")).height == 1
    assert hidden["value"].null_count() == hidden.height >= 4
    assert "every suppressed cell keeps its interval: True" in shown.err
    before = tmp_path / "before.csv"
    before.write_text("town,group,count\nx,q,20\nx,total,23\n", encoding="utf-8")
    assert run(f"{line} --published-before {{before}}", file=path, before=before) == 2
    assert "cannot be protected" in capsys.readouterr().err


def status(table: pl.DataFrame, **cell: str) -> str:
    """Of a cell by its categories."""
    (found,) = table.filter([pl.col(name) == label for name, label in cell.items()])["status"]
    return str(found)


def test_suppress_joins_linked_tables_by_their_margins(capsys, tmp_path):
    sexes, ages = tmp_path / "sexes.csv", tmp_path / "ages.csv"
    sexes.write_text("town,sex,n\nx,f,20\nx,m,22\ny,f,30\ny,m,28\n", encoding="utf-8")
    ages.write_text("town,age,n\nx,young,3\nx,old,39\ny,young,25\ny,old,33\n", encoding="utf-8")
    line = "suppress {sexes} {ages} --by town sex age --count n --format csv --quiet"
    assert run(line, sexes=sexes, ages=ages) == 0
    table = pl.read_csv(io.StringIO(capsys.readouterr().out))
    assert table.height == 9 + 9 - 3  # the towns' and all persons' totals are cells of both
    assert status(table, town="x", sex="total", age="young") == "suppressed"
    # alone the second table would give the young of x back: something of it goes with them
    assert table.filter((pl.col("sex") == "total") & (pl.col("status") == "suppressed")).height >= 4
    ages.write_text("town,age,n\nx,young,3\nx,old,40\ny,young,25\ny,old,33\n", encoding="utf-8")
    assert run(line, sexes=sexes, ages=ages) == 2
    assert "disagree about x | total | total: 42 and 43" in capsys.readouterr().err


def test_suppress_knows_groups_that_overlap(capsys, tmp_path):
    groups, persons = tmp_path / "groups.csv", tmp_path / "persons.csv"
    groups.write_text("unit,town,group,n\nA,x,Roma,38\nA,x,homeless,20\nA,y,Roma,30\nA,y,homeless,12\n")
    persons.write_text("town,n\nx,40\ny,60\n", encoding="utf-8")
    line = "suppress {groups} {all} --by town group --overlapping group --count n --parent town=unit"
    assert run(f"{line} --format csv --quiet", groups=groups, all=persons) == 0
    table = pl.read_csv(io.StringIO(capsys.readouterr().out))
    # 38 of 40 are Roma: 2 are not, and that is too few to let anyone subtract
    assert status(table, town="x", group="Roma") == "suppressed"
    assert status(table, town="x", group="homeless") == "published"
    assert status(table, town="A", group="total") == "published"
    assert table.filter(pl.col("group") == "total").height == 4  # two towns, their unit, all
    assert run(f"{line} --overlapping sex", groups=groups, all=persons) == 2
    assert "no column of --by" in capsys.readouterr().err


def test_suppress_judges_amounts_by_their_contributors(capsys, tmp_path):
    path = tmp_path / "benefits.csv"
    rows = ["x,p,a,900", "x,p,b,20", "x,p,c,30", "x,q,d,100", "x,q,e,120", "x,q,f,110", "x,q,g,90"]
    rows += ["y,p,a,100", "y,p,b,110", "y,p,h,120", "y,p,i,90", "y,q,k,200", "y,q,l,210", "y,q,m,190"]
    path.write_text("town,kind,body,euro\n" + "\n".join(rows) + "\n", encoding="utf-8")
    line = "suppress {file} --by town kind --amount euro --contributor body --format csv"
    assert run(line, file=path) == 0
    shown = capsys.readouterr()
    table = pl.read_csv(io.StringIO(shown.out))
    assert status(table, town="x", kind="p") == "suppressed"  # one body gives 95 %
    assert table.filter(pl.col("status") == "suppressed").height >= 4
    assert "every suppressed cell keeps its interval: True" in shown.err
    # a body that gives in both towns is one contributor of all: 1,000 of 1,370 is 73 %
    assert status(table, town="total", kind="p") == "published"
    assert run(f"{line} --dominance 70", file=path) == 0
    table = pl.read_csv(io.StringIO(capsys.readouterr().out))
    assert status(table, town="total", kind="p") == "suppressed"


MODEL = "smallarea {milk} --area small_area"
TABLE = "suppress {milk} --by small_area --count samp_size"


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("weight {persons} --weight nothing", "no column nothing"),
        ("weight {persons} --weight age", "no numbers"),
        ("weight {persons} --weight weight --cells age", "--cells needs --responded"),
        ("weight {persons} --weight weight --totals {persons}", "missing: class, margin, total"),
        ("weight {folder}/none.csv --weight weight", "socialstats:"),
        (MODEL, "needs --direct, --variance"),
        (
            f"{MODEL} --direct direct_est --variance std_error --benchmark all=x --size samp_size",
            "is no number",
        ),
        (f"{MODEL} --population {{milk}}", "needs --income, --line-amount"),
        ("suppress {persons} --by sex --count income", "share their categories"),
        ("suppress {milk} --by small_area --count coef_var", "whole and not negative"),
        (f"{TABLE} --parent a=b", "in no line"),
        ("suppress {persons} --by sx --count income", "Did you mean sex"),
        ("suppress {persons} {milk} --by income --amount nothing", "no column nothing"),
        (f"{TABLE} --parent a", "takes NAME=VALUE"),
    ],
)
def test_what_is_wrong_comes_as_a_sentence(capsys, line, words):
    assert run(line) == 2
    error = capsys.readouterr().err
    assert words in error
    assert "Traceback" not in error
