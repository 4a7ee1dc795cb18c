"""Set a page with a drawing as PDF/UA-1 by Typst, with and without an alternative text."""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

import typst

DRAWING = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9"/></svg>'

if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "chart.svg").write_text(DRAWING, encoding="utf-8")
        for given in ("", ', alt: "Offences by year"'):
            page = Path(folder) / "page.typ"
            page.write_text(
                f'#set document(title: "Summary")\n= Summary\n#image("chart.svg"{given})\n',
                encoding="utf-8",
            )
            started = time.monotonic()
            try:
                made = typst.compile(str(page), ignore_system_fonts=True, pdf_standards=["ua-1"])
                told = f"{len(made):,} bytes in {time.monotonic() - started:.3f} s"
            except typst.TypstError as error:
                told = f"refused: {error}"
            sys.stdout.write(f"image{given or ', no alternative'}: {told}\n")
