"""A paper for samples: a PDF of one page that says SAMPLE, written without any library."""

PAGE = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F 5 0 R >> >> >>"
FONT = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica-Bold >>"


def sample_paper(name: str) -> bytes:
    """The same name always gives the same bytes. `name` in plain ASCII is printed under the word."""
    words = name.encode("ascii", "replace").translate(None, b"()\\")
    drawn = b"BT /F 64 Tf 150 520 Td (SAMPLE) Tj /F 14 Tf 0 -40 Td (" + words + b") Tj ET"
    stream = b"<< /Length %d >>\nstream\n%s\nendstream" % (len(drawn), drawn)
    catalogue, pages = b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>"
    body, places = b"%PDF-1.4\n", []
    for number, part in enumerate((catalogue, pages, PAGE, stream, FONT), start=1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, part)
    table = b"xref\n0 6\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % place for place in places)
    return body + table + b"trailer\n<< /Size 6 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % len(body)
