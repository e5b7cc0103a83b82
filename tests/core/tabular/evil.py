"""Files as attackers and accidents make them, built in the test so that none lies in the repository."""

import zipfile
from io import BytesIO
from pathlib import Path

from openpyxl import Workbook

RELS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def workbook(
    sheet: str, *, texts: str = "", styles: str = "", names: str = "", state: str = "visible"
) -> bytes:
    """A workbook of one sheet from raw XML, so that nothing cleans it on the way."""
    parts = {
        "_rels/.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="r1" Type="{RELS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/_rels/workbook.xml.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/'
        f'relationships"><Relationship Id="r1" Type="{RELS}/worksheet" Target="worksheets/sheet1.xml"/>'
        f'<Relationship Id="r2" Type="{RELS}/sharedStrings" Target="sharedStrings.xml"/>'
        f'<Relationship Id="r3" Type="{RELS}/styles" Target="styles.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{RELS}"><sheets>'
        f'<sheet name="Δομές" sheetId="1" state="{state}" r:id="r1"/></sheets>{names}</workbook>',
        "xl/worksheets/sheet1.xml": sheet,
    }
    if texts:
        parts["xl/sharedStrings.xml"] = texts
    if styles:
        parts["xl/styles.xml"] = styles
    return package(parts)


def sheet(rows: str, *, before: str = "", after: str = "") -> str:
    """The XML of a sheet with these rows."""
    return f'{before}<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData>{after}</worksheet>'


def row(*cells: str, number: int | None = None) -> str:
    """A row of inline texts."""
    place = f' r="{number}"' if number else ""
    return f"<row{place}>" + "".join(f'<c t="inlineStr"><is><t>{c}</t></is></c>' for c in cells) + "</row>"


def package(parts: dict[str, str | bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A ZIP of these parts."""
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", compression) as bundle:
        for name, content in parts.items():
            bundle.writestr(name, content)
    return buffer.getvalue()


def honest(rows: list[list[object]], path: Path) -> Path:
    """A workbook as openpyxl writes it."""
    book = Workbook()
    for values in rows:
        book.active.append(values)
    book.save(path)
    return path
