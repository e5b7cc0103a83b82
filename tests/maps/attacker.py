"""Somebody who has everything that is public and wants what is not: gathers, then encloses by programming.

Nothing here asks the platform what it hid or how its tables hang together: the sums are those that anybody
knows (municipalities of a unit, women and men, ages), the numbers those that pages and files give.
"""

import csv
import io
import json
import re
from collections.abc import Iterable, Mapping
from typing import Final

import numpy as np
from django.test import Client
from openpyxl import load_workbook
from scipy.optimize import linprog
from scipy.sparse import csr_array

Key = tuple[str, str]
"""Code of an area and breakdown."""
Numbers = dict[Key, float]

LINKED: Final = re.compile(r'href="[^"]*/figures/([0-9a-f-]{36})/"[^>]*>([0-9][0-9,]*)<')
"""Where a page leads from a figure to its passport."""
THESSALY: Final = {"HTTP_HOST": "thessaly.localhost"}
LEVELS: Final = ("municipality", "regional_unit")
PARTITIONS: Final = (
    ("sex=female", "sex=male"),
    ("age=0-17", "age=18-29", "age=30-44", "age=45-54", "age=55-64", "age=65plus"),
)


def together(numbers: Mapping[str, Numbers]) -> Numbers:
    """Every number, whichever door it came through."""
    found: Numbers = {}
    for told in numbers.values():
        found |= told
    return found


def gather(
    client: Client, indicator: str, period: str, breakdowns: Mapping[str, str], column: str
) -> dict[str, Numbers]:
    """The numbers that files and the interface give of an indicator's period, by door.

    Args:
        client: nobody in particular.
        indicator: its code.
        period: its key.
        breakdowns: label in English by key.
        column: ``value`` or ``n``: which number is hunted.
    """
    keys = {label: key for key, label in breakdowns.items()}
    numbers = {
        "interface": _interface(client, indicator, period, column),
        "interface, CSV": _interface_csv(client, indicator, period, column),
        **_tables(client, indicator, period, keys, column),
    }
    told = {breakdown for _area, breakdown in numbers["interface"]}
    for breakdown in sorted(told):
        # what crosses breakdowns is told of units and region, in many tables: one file of each
        is_crossed = ";" in breakdown
        for level in ("regional_unit",) if is_crossed else LEVELS:
            asked = f"indicator={indicator}&period={period}&breakdown={breakdown}&level={level}"
            for kind in ("csv",) if is_crossed else ("csv", "xlsx", "geojson"):
                found = _map(client, kind, asked, breakdown, column)
                numbers.setdefault(f"map, {kind}", {}).update(found)
    return numbers


def texts(client: Client, indicator: str, period: str) -> dict[str, str]:
    """What pages and drawings of everybody's figures say, by address."""
    found = {"page": _read(client, f"/en/indicators/{indicator}/").decode()}
    for level in LEVELS:
        asked = f"indicator={indicator}&period={period}&breakdown=total&level={level}"
        for path in (
            "indicators/",
            "indicators/embed/",
            "indicators.svg",
            "indicators/thumbnail.svg",
            "ranking/",
        ):
            found[f"{path} {level}"] = _read(client, f"/en/maps/{path}?{asked}").decode()
    return found


def profiles(client: Client, codes: Iterable[str]) -> dict[str, str]:
    """The profiles of areas on screen."""
    return {f"profile {code}": _read(client, f"/en/profiles/{code}/").decode() for code in codes}


def passports(client: Client, indicator: str) -> dict[str, str]:
    """The passport of every figure that the interface names."""
    found = pages_of(client, f"/api/v1/observations?indicator={indicator}")
    return {row["passport"]: _read(client, f"/en/figures/{row['passport']}/").decode() for row in found}


def linked(client: Client, indicator: str, period: str, paths: Iterable[str]) -> Numbers:
    """The numbers that pages write as a way to the passport of an indicator's period."""
    rows = pages_of(client, f"/api/v1/observations?indicator={indicator}&period={period}")
    cells = {row["passport"]: (row["area"], row["breakdown"]) for row in rows}
    found: Numbers = {}
    for path in paths:
        for passport, text in LINKED.findall(_read(client, path).decode()):
            if passport in cells:
                found[cells[passport]] = float(text.replace(",", ""))
    return found


def _read(client: Client, path: str) -> bytes:
    answer = client.get(path, **THESSALY)
    assert answer.status_code == 200, f"{path}: {answer.status_code}"
    return b"".join(answer) if answer.streaming else answer.content


def pages_of(client: Client, path: str | None) -> list[dict[str, str]]:
    """Every row of an answer of the interface, page after page."""
    rows = []
    while path:
        found = json.loads(_read(client, path))
        rows += found["results"]
        path = found["next"] and found["next"].partition("localhost")[2]
    return rows


def _interface(client: Client, indicator: str, period: str, column: str) -> Numbers:
    rows = pages_of(client, f"/api/v1/observations?indicator={indicator}&period={period}")
    return {(row["area"], row["breakdown"]): float(row[column]) for row in rows if row[column] is not None}


def _interface_csv(client: Client, indicator: str, period: str, column: str) -> Numbers:
    content = _read(client, f"/api/v1/observations?indicator={indicator}&period={period}&format=csv")
    rows = csv.DictReader(io.StringIO(content.decode("utf-8-sig")))
    return {(row["area"], row["breakdown"]): float(row[column]) for row in rows if row[column]}


def _tables(
    client: Client, indicator: str, period: str, keys: Mapping[str, str], column: str
) -> dict[str, Numbers]:
    asked = f"indicator={indicator}&period={period}"
    found = json.loads(_read(client, f"/en/indicators/tables/figures.json?{asked}"))["results"]
    whole = {
        (row["area"], keys[row["who"]]): float(row[column]) for row in found if row[column] is not None
    }
    heading = {"value": "Figure", "n": "Persons asked"}[column]
    text = _read(client, f"/en/indicators/tables/figures.csv?{asked}").decode("utf-8-sig")
    lines = list(csv.DictReader(io.StringIO(text), delimiter=";"))
    sheet = load_workbook(
        io.BytesIO(_read(client, f"/en/indicators/tables/figures.xlsx?{asked}"))
    ).worksheets[0]
    head, *cells = list(sheet.values)
    book = [dict(zip(head, row, strict=True)) for row in cells]
    names = ("Code of the area", "Who", heading)
    return {
        "tables, JSON": whole,
        "tables, CSV": _of_rows(lines, names, keys),
        "tables, XLSX": _of_rows(book, names, keys),
    }


def _of_rows(
    rows: Iterable[Mapping[str, object]], names: tuple[str, str, str], keys: Mapping[str, str]
) -> Numbers:
    area, who, figure = names
    return {
        (str(row[area]), keys[str(row[who])]): number(row[figure])
        for row in rows
        if row[figure] not in (None, "")
    }


def number(cell: object) -> float:
    """A cell of any of the files: 1.234,5 and 1234.5 and 1234.5 as a number."""
    if isinstance(cell, int | float):
        return float(cell)
    text = str(cell)
    return float(text.replace(".", "").replace(",", ".") if "," in text else text)


def _map(client: Client, kind: str, asked: str, breakdown: str, column: str) -> Numbers:
    content = _read(client, f"/en/maps/indicators.{kind}?{asked}")
    if kind == "geojson":
        facts = [one["properties"] for one in json.loads(content)["features"]]
        return {(one["code"], breakdown): one[column] for one in facts if one[column] is not None}
    if kind == "csv":
        lines = list(csv.reader(io.StringIO(content.decode("utf-8-sig")), delimiter=";"))
    else:
        lines = [list(row) for row in load_workbook(io.BytesIO(content)).worksheets[0].values]
    heading = {"value": "Value", "n": "Number of persons asked"}[column]
    head = next(at for at, line in enumerate(lines) if "Code" in line and heading in line)
    place, value = lines[head].index("Code"), lines[head].index(heading)
    return {
        (str(line[place]), breakdown): number(line[value])
        for line in lines[head + 1 :]
        if len(line) > value and line[value] not in (None, "")
    }


# --- programming ----------------------------------------------------------------------------------


def sums(
    keys: Iterable[Key], above: Mapping[str, str]
) -> tuple[list[tuple[Key, list[Key]]], list[tuple[Key, Key]]]:
    """What adds up, and which cell is a part of which other: of everybody, and of every sub-group."""
    held = set(keys)
    equal: list[tuple[Key, list[Key]]] = []
    for whole in sorted(held):
        area, breakdown = whole
        parts = [
            (one, breakdown) for one in sorted(above) if above[one] == area and (one, breakdown) in held
        ]
        if parts and len(parts) == sum(place == area for place in above.values()):
            equal.append((whole, parts))
        for partition in PARTITIONS:
            told = [(area, _with(breakdown, one)) for one in partition]
            if _kinds(breakdown).isdisjoint(_kinds(partition[0])) and held.issuperset(told):
                equal.append((whole, told))
    inside = [
        ((area, one), (area, whole))
        for area, one in sorted(held)
        for whole in _wholes(one)
        if (area, whole) in held
    ]
    return equal, inside


def _kinds(breakdown: str) -> set[str]:
    return {part.partition("=")[0] for part in breakdown.split(";")}


def _with(breakdown: str, one: str) -> str:
    """``subgroup=roma``, ``sex=female`` → the women among them, as keys are written."""
    parts = {*breakdown.split(";"), one} - {"total"}
    order = ("subgroup", "age", "sex")
    return ";".join(sorted(parts, key=lambda part: order.index(part.partition("=")[0])))


def _wholes(breakdown: str) -> list[str]:
    """Of whom those of a breakdown are a part: one condition fewer."""
    parts = breakdown.split(";") if breakdown != "total" else []
    return [";".join(two for two in parts if two != one) or "total" for one in parts]


def enclosed(
    known: Mapping[Key, float], keys: Iterable[Key], above: Mapping[str, str], wanted: Iterable[Key]
) -> dict[Key, tuple[float, float]]:
    """The least and the most that each wanted cell may be, for who knows the others."""
    order = sorted(keys)
    at = {key: place for place, key in enumerate(order)}
    equal, inside = sums(order, above)
    lines = np.zeros((len(equal), len(order)))
    for line, (whole, parts) in zip(lines, equal, strict=True):
        line[at[whole]] = -1
        line[[at[part] for part in parts]] = 1
    pairs = np.zeros((len(inside), len(order)))
    for line, (part, whole) in zip(pairs, inside, strict=True):
        line[at[part]], line[at[whole]] = 1, -1
    bounds = [(known[key],) * 2 if key in known else (0, None) for key in order]
    equations, parts = csr_array(lines), csr_array(pairs)
    found = {}
    for key in wanted:
        ends = []
        for sign in (1, -1):
            cost = np.zeros(len(order))
            cost[at[key]] = sign
            answer = linprog(
                cost, A_eq=equations, b_eq=np.zeros(len(equal)), A_ub=parts, b_ub=np.zeros(len(inside)),
                bounds=bounds, method="highs",
            )  # fmt: skip
            assert answer.status in (0, 3), answer.message
            ends.append(np.inf if answer.status == 3 else sign * answer.fun)
        found[key] = (max(ends[0], 0.0) if np.isfinite(ends[0]) else 0.0, ends[1])
    return found


def text_of(page: str) -> str:
    """What is read of a page: its words and the words of its drawings, without addresses and shapes."""
    told = " ".join(re.findall(r"<title>[^<]*</title>|aria-label=\"[^\"]*\"", page))
    return re.sub(r"\s+", " ", told + re.sub(r"<[^>]+>", " ", page))
