"""Files into frames: CSV (decimal comma too), Parquet, Arrow, SPSS, Stata; SILC's four files joined."""

import io
from pathlib import Path

import polars as pl

from socialstats.errors import ColumnError, DataError, first_rows

_SEPARATORS = (";", "\t", ",", "|")
HEAD = 50
"""Lines by which the separator and the decimal comma are found out."""


def _separator(line: str) -> str:
    return max(_SEPARATORS, key=line.count)


def _has_decimal_comma(lines: list[str], separator: str) -> bool:
    """Whether fields look like 12,5: a comma between digits where the comma does not separate fields."""
    if separator == ",":
        return False
    fields = [field.strip('" ') for line in lines[1:] for field in line.rstrip("\n").split(separator)]
    commas = [
        field for field in fields if field.count(",") == 1 and field.replace(",", "").lstrip("-").isdigit()
    ]
    points = [
        field for field in fields if field.count(".") == 1 and field.replace(".", "").lstrip("-").isdigit()
    ]
    return len(commas) > len(points)


def _read_csv(path: Path) -> pl.DataFrame:
    with path.open(encoding="utf-8-sig", errors="replace") as file:
        head = [line for _, line in zip(range(HEAD), file, strict=False)]
    return _read_text(path, head, path.name)


def read_csv(content: bytes) -> pl.DataFrame:
    """A table of text out of memory; separator, decimal comma and what is missing as in ``read_table``.

    Raises:
        DataError: it is empty or no table. What it holds is not said.
    """
    lines = io.TextIOWrapper(io.BytesIO(content), encoding="utf-8-sig", errors="replace")
    head = [line for _, line in zip(range(HEAD), lines, strict=False)]
    try:
        table = _read_text(content, head, "The file")
    except pl.exceptions.PolarsError:
        message = "The file cannot be read as a table of text."
        raise DataError(message, fault="unreadable") from None
    if not table.height:
        message = "The file holds no rows."
        raise DataError(message, fault="no_rows")
    return table.rechunk()


def _read_text(source: Path | bytes, head: list[str], name: str) -> pl.DataFrame:
    if not head or not head[0].strip():
        message = f"{name} is empty."
        raise DataError(message, fault="no_rows")
    separator = _separator(head[0])
    return pl.read_csv(
        source,
        separator=separator,
        decimal_comma=_has_decimal_comma(head, separator),
        infer_schema_length=None,
        null_values=["", "NA", "NaN", "."],
        encoding="utf8-lossy",
    )


def _read_with_pyreadstat(path: Path) -> pl.DataFrame:
    try:
        import pyreadstat
    except ImportError:
        message = f"Reading {path.suffix} files needs the package pyreadstat, which is not installed."
        raise DataError(message) from None
    reader = pyreadstat.read_sav if path.suffix.lower() in (".sav", ".zsav") else pyreadstat.read_dta
    columns, _ = reader(str(path), output_format="dict")
    return pl.DataFrame(columns, strict=False)


def read_table(path: str | Path) -> pl.DataFrame:
    """A table from a file, by its ending: csv, tsv, txt, parquet, arrow, feather, ipc, sav, zsav, dta.

    CSV: the separator and a decimal comma are found out; empty fields, ``NA``, ``NaN`` and ``.`` are
        missing.

    Raises:
        DataError: there is no such file, it is empty, of an unknown kind, or cannot be read as what it
            says it is.
    """
    path = Path(path)
    if not path.is_file():
        message = f"There is no file {path}."
        raise DataError(message)
    readers = {".parquet": pl.read_parquet} | dict.fromkeys((".arrow", ".feather", ".ipc"), pl.read_ipc)
    suffix = path.suffix.lower()
    try:
        if suffix in readers:
            table = readers[suffix](path)
        elif suffix in (".csv", ".tsv", ".txt"):
            table = _read_csv(path)
        elif suffix in (".sav", ".zsav", ".dta"):
            table = _read_with_pyreadstat(path)
        else:
            message = (
                f"{path.name}: files that can be read end in csv, tsv, txt, parquet, arrow, feather, "
                "sav, dta."
            )
            raise DataError(message)
    except DataError:
        raise
    except Exception as error:  # readers of five kinds raise whatever they like
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        message = f"{path.name} cannot be read: {reason}"
        raise DataError(message) from error
    if not table.height:
        message = f"{path.name} holds no rows."
        raise DataError(message)
    for column in table.iter_columns():  # of one piece each: arrays then share their memory
        if column.n_chunks() > 1:
            table.replace_column(table.get_column_index(column.name), column.rechunk())
    return table


def _unique_key(table: pl.DataFrame, keys: list[str], name: str) -> None:
    if missing := [key for key in keys if key not in table.columns]:
        message = f"File {name} has no column {missing[0]}: it cannot be joined."
        raise ColumnError(message)
    rows = table.select(keys).is_duplicated().arg_true().to_list()
    if rows:
        message = (
            f"File {name} holds {len(rows)} rows whose {' + '.join(keys)} is not unique "
            f"({first_rows(rows)})."
        )
        raise DataError(message)


def join_silc(
    households: pl.DataFrame,
    persons: pl.DataFrame,
    *,
    household_register: pl.DataFrame | None = None,
    person_register: pl.DataFrame | None = None,
    household_key: str = "HB030",
    person_key: str = "PB030",
) -> pl.DataFrame:
    """EU-SILC's H and P files, with D and R where given, as one row a person.

    The R file decides who is a person of the survey (children have no P record); without it, the P file
    does.
    A person's household is the identifier without its last two digits, as in EU-SILC.

    Args:
        households: H file, one row a household.
        persons: P file, one row a respondent.
        household_register: D file (``DB030``, ``DB040``, ``DB090`` …).
        person_register: R file (``RB030``, ``RB050`` …).
        household_key: H file's identifier.
        person_key: P file's identifier.

    Raises:
        ColumnError: an identifier's column is missing.
        DataError: identifiers are not unique, or persons have no household.
    """
    _unique_key(households, [household_key], "H")
    _unique_key(persons, [person_key], "P")
    everyone = persons.with_columns(pl.col(person_key).cast(pl.Int64).alias("person"))
    if person_register is not None:
        _unique_key(person_register, ["RB030"], "R")
        base = person_register.with_columns(pl.col("RB030").cast(pl.Int64).alias("person"))
        everyone = base.join(everyone, on="person", how="left", suffix="_P")
    everyone = everyone.with_columns((pl.col("person") // 100).alias("household"))
    homes = households.with_columns(pl.col(household_key).cast(pl.Int64).alias("household"))
    if household_register is not None:
        _unique_key(household_register, ["DB030"], "D")
        register = household_register.with_columns(pl.col("DB030").cast(pl.Int64).alias("household"))
        homes = register.join(homes, on="household", how="left", suffix="_H")
    lost = everyone.join(homes, on="household", how="anti").height
    if lost:
        message = f"{lost} of {everyone.height} persons belong to no household of the H file."
        raise DataError(message)
    return everyone.join(homes, on="household", how="left", maintain_order="left", suffix="_H")
