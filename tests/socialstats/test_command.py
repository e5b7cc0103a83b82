"""The command line as a new analyst would try it: numbers, sentences, never a traceback."""

import json
from pathlib import Path

import polars as pl
import pytest

import socialstats as ss
from socialstats.__main__ import main
from tests.socialstats.data import REFERENCE, needs_reference, sample, survey

COLUMNS = ["--income", "income", "--weight", "weight", "--strata", "stratum", "--household", "household"]


@pytest.fixture
def file(tmp_path: Path) -> str:
    path = tmp_path / "sample.csv"
    sample().write_csv(path)
    return str(path)


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    status = main(list(arguments))
    said = capsys.readouterr()
    return status, said.out, said.err


def test_json_rows_carry_everything(capsys: pytest.CaptureFixture[str], file: str) -> None:
    status, out, err = run(
        capsys, "estimate", file, *COLUMNS, "--by", "region", "sex", "--indicators", "arop,gini", "--json"
    )
    rows = [json.loads(line) for line in out.splitlines()]
    assert status == 0
    assert len(rows) == 2 * (1 + 3 + 2)
    expected = {
        "indicator",
        "domain",
        "value",
        "se",
        "ci_low",
        "ci_high",
        "n",
        "n_effective",
        "deff",
        "flag",
    }
    assert expected | {"method", "seed", "version"} <= set(rows[0])
    ours = ss.estimate(survey(), "arop", by="region").one("arop", region="R1")
    assert next(row for row in rows if row["domain"] == "region=R1")["se"] == pytest.approx(
        ours.se, rel=1e-12
    )
    assert "sample.csv" in err


def test_csv_can_be_read_back(capsys: pytest.CaptureFixture[str], file: str) -> None:
    _, out, _ = run(
        capsys, "estimate", file, *COLUMNS, "--format", "csv", "--variance", "bootstrap:20", "--seed", "3"
    )
    table = pl.read_csv(out.encode())
    assert table["indicator"].to_list() == ["arpt", "arop", "gap", "gini", "s80s20"]
    assert table["seed"].unique().to_list() == [3]


def test_the_table_can_be_read(capsys: pytest.CaptureFixture[str], file: str) -> None:
    _, out, err = run(capsys, "estimate", file, *COLUMNS, "--line-amount", "5712", "--quiet")
    assert out.splitlines()[0].split() == [
        "indicator",
        "domain",
        "value",
        "se",
        "low",
        "high",
        "n",
        "deff",
        "flag",
    ]
    assert err == ""


def test_decimal_commas_and_semicolons(
    capsys: pytest.CaptureFixture[str], file: str, tmp_path: Path
) -> None:
    text = Path(file).read_text(encoding="utf-8").replace(",", ";").replace(".", ",")
    other = tmp_path / "comma.csv"
    other.write_text(text, encoding="utf-8")
    outs = [run(capsys, "estimate", path, *COLUMNS, "--json")[1] for path in (file, str(other))]
    assert outs[0] == outs[1]


@pytest.mark.parametrize("ending", ["parquet", "arrow", "dta", "sav"])
def test_other_files(capsys: pytest.CaptureFixture[str], file: str, tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"sample.{ending}"
    frame = sample()
    if ending == "parquet":
        frame.write_parquet(path)
    elif ending == "arrow":
        frame.write_ipc(path)
    else:
        pyreadstat = pytest.importorskip("pyreadstat")
        writer = pyreadstat.write_dta if ending == "dta" else pyreadstat.write_sav
        writer(frame, str(path))
    outs = [run(capsys, "estimate", where, *COLUMNS, "--json")[1] for where in (file, str(path))]
    values = [[json.loads(line)["se"] for line in out.splitlines()] for out in outs]
    assert values[0] == pytest.approx(values[1], rel=1e-12)


def test_two_files_are_compared(capsys: pytest.CaptureFixture[str], file: str, tmp_path: Path) -> None:
    later = tmp_path / "later.csv"
    sample().with_columns(pl.col("income") * 1.1).write_csv(later)
    status, out, _ = run(
        capsys,
        "estimate",
        file,
        str(later),
        *COLUMNS,
        "--indicators",
        "mean,gini",
        "--line-amount",
        "5000",
        "5100",
        "--json",
    )
    rows = {row["indicator"]: row for row in map(json.loads, out.splitlines())}
    assert status == 0
    assert rows["gini"]["value"] == pytest.approx(0, abs=1e-9)
    assert rows["mean"]["value"] == pytest.approx(0.1 * ss.estimate(survey(), "mean").one("mean").value)


def test_a_map_brings_conditions(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    frame = sample().with_columns(
        (pl.col("sex") - 1).alias("works"), (pl.col("age") % 3 // 2).alias("learns")
    )
    frame.write_csv(tmp_path / "data.csv")
    (tmp_path / "map.toml").write_text(
        '[survey]\nage = "age"\n[work]\nemployed = "works"\nin_education = "learns"\n', encoding="utf-8"
    )
    arguments = [str(tmp_path / "data.csv"), *COLUMNS, "--map", str(tmp_path / "map.toml")]
    status, out, _ = run(capsys, "estimate", *arguments, "--indicators", "neet", "--json")
    young = frame.filter(pl.col("age").is_between(15, 29))
    share = (
        young.filter((pl.col("works") == 0) & (pl.col("learns") == 0))["weight"].sum()
        / young["weight"].sum()
    )
    assert status == 0
    assert json.loads(out)["value"] == pytest.approx(100 * share)
    assert "condition neet" in run(capsys, "describe", *arguments)[1]


def test_describe(capsys: pytest.CaptureFixture[str], file: str) -> None:
    assert "household" in run(capsys, "describe", file)[1]
    assert "PSUs 400" in run(capsys, "describe", file, "--weight", "weight", "--household", "household")[1]


WRONG = [
    (["--weight", "wieght"], "Did you mean weight"),
    (["--weight", "weight", "--income", "region"], "no numbers"),
    (["--weight", "weight", "--income", "income", "--indicators", "happiness"], "no indicator happiness"),
    (["--weight", "weight", "--income", "income", "--variance", "bootstrap:0"], "at least 2 replicates"),
    (["--weight", "weight", "--income", "income", "--line", "0"], "above 0"),
    (["--weight", "weight", "--income", "income", "--by", "town"], "no column town"),
    (["--weight", "weight", "--map", "nowhere.toml"], "There is no map"),
    (
        ["--weight", "weight", "--strata", "household", "--psu", "household", "--income", "income"],
        "single PSU",
    ),
    (["--weight", "weight", "--income", "income", "--variance", "jkn", "--jobs", "0"], "number of jobs"),
    (["--weight", "weight", "--income", "income", "--level", "1.5"], "between 0 and 1"),
    (["--weight", "weight", "--indicators", "arop"], "needs an income"),
]


@pytest.mark.parametrize(("arguments", "words"), WRONG)
def test_what_is_wrong_is_said_in_a_sentence(
    capsys: pytest.CaptureFixture[str], file: str, arguments: list[str], words: str
) -> None:
    status, out, err = run(capsys, "estimate", file, *arguments)
    assert status == 2
    assert out == ""
    assert words in err
    assert "Traceback" not in err


@pytest.mark.parametrize(
    ("name", "content"), [("a.csv", b""), ("a.csv", b"x,y\n"), ("a.parquet", b"no"), ("a.pdf", b"x")]
)
def test_files_that_are_none(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, name: str, content: bytes
) -> None:
    (tmp_path / name).write_bytes(content)
    status, _, err = run(capsys, "estimate", str(tmp_path / name), "--weight", "w")
    assert status == 2
    assert name in err


@needs_reference
def test_the_reference_file_as_a_new_analyst_would_try_it(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = run(
        capsys, "estimate", str(REFERENCE), "--income", "eqIncome", "--weight", "rb050",
        "--strata", "db040", "--psu", "db030", "--indicators", "arop", "--density", "convey", "--json",
    )  # fmt: skip
    row = json.loads(out)
    assert row["value"] == pytest.approx(14.444218167534, rel=1e-10)
    assert row["se"] == pytest.approx(0.4759542832, rel=1e-8)
