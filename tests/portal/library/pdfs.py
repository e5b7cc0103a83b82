"""Small PDFs written by hand: each byte is known, so that each can be made wrong on purpose."""


def pdf(*pages: str, script: str = "") -> bytes:
    """A PDF of these pages; Latin letters and digits only, since it brings no font of its own."""
    kids = " ".join(f"{4 + 2 * n} 0 R" for n in range(len(pages)))
    action = f"<< /S /JavaScript /JS ({script}) >>"
    names = f"/Names << /JavaScript << /Names [(start) {action}] >> >>" if script else ""
    objects = [
        f"<< /Type /Catalog /Pages 2 0 R {names} >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    for number, text in enumerate(pages):
        lines = " ".join(f"({line}) Tj 0 -14 Td" for line in text.splitlines())
        content = f"BT /F1 12 Tf 50 780 Td {lines} ET" if text else ""
        objects.append(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] "
            f"/Resources << /Font << /F1 3 0 R >> >> /Contents {5 + 2 * number} 0 R >>"
        )
        objects.append(f"<< /Length {len(content)} >>\nstream\n{content}\nendstream")
    return _joined(objects, "/Root 1 0 R")


def locked_pdf() -> bytes:
    """A PDF that opens with a password that nobody knows."""
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [] /Count 0 >>",
        f"<< /Filter /Standard /V 2 /R 3 /Length 128 /P -4 /O <{'41' * 32}> /U <{'42' * 32}> >>",
    ]
    return _joined(objects, f"/Root 1 0 R /Encrypt 3 0 R /ID [<{'43' * 16}> <{'43' * 16}>]")


def _joined(objects: list[str], trailer: str) -> bytes:
    out, places = b"%PDF-1.4\n", []
    for number, text in enumerate(objects, start=1):
        places.append(len(out))
        out += f"{number} 0 obj\n{text}\nendobj\n".encode("latin-1")
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    size = len(objects) + 1
    end = f"xref\n0 {size}\n0000000000 65535 f \n{table}trailer\n<< /Size {size} {trailer} >>\n"
    return out + f"{end}startxref\n{len(out)}\n%%EOF\n".encode("latin-1")
