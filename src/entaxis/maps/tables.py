"""Tables that leave the site: as CSV for the local Excel, or as a workbook with their words beside them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from io import BytesIO

from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext as _

from entaxis.core import tabular
from entaxis.core.tabular.writing import Value
from entaxis.maps import http


@dataclass(frozen=True, slots=True)
class Table:
    """``said``: the title, what the rows say, sources and gaps – a second sheet of the workbook."""

    name: str
    headings: Sequence[str]
    lines: Sequence[Sequence[Value]]
    said: Sequence[str]

    def csv(self) -> bytes:
        """As the local Excel opens it."""
        return tabular.csv_bytes(self.headings, self.lines)

    def xlsx(self) -> bytes:
        """A sheet of the rows and one of the words."""
        stream = BytesIO()
        said: Iterable[list[Value]] = ([text] for text in self.said)
        sheets = [
            tabular.Sheet(self.name[:31], self.headings, self.lines),
            tabular.Sheet(_("Sources"), [_("About this table")], said, widths=[120]),
        ]
        tabular.write_workbook(stream, sheets)
        return stream.getvalue()

    def answer(self, request: HttpRequest, name: str) -> HttpResponseBase:
        """A file to download; the ending of its ``name`` tells which. The same words are the same state."""
        state = http.digest(repr((self.headings, self.lines, self.said)).encode())
        return http.file(request, name, state, self.xlsx if name.endswith(".xlsx") else self.csv)
