"""Whether bytes are a picture of the format PNG, and nothing besides."""

from __future__ import annotations

import struct
import zlib

START = b"\x89PNG\r\n\x1a\n"
# What makes the picture and how it looks; other parts may hold texts, or what nobody sees.
PARTS = frozenset(b"IHDR PLTE IDAT IEND tRNS cHRM gAMA iCCP sBIT sRGB bKGD hIST pHYs sPLT".split())
FIRST, LAST = b"IHDR", b"IEND"
# Length, name and checksum of a part.
_AROUND = 12


def is_png(content: bytes) -> bool:
    """Tell whether bytes are a PNG: its parts are known and unbroken, and nothing follows them."""
    if not content.startswith(START):
        return False
    place, names = len(START), list[bytes]()
    while place + _AROUND <= len(content) and LAST not in names:
        (length,) = struct.unpack_from(">I", content, place)
        end = place + _AROUND + length
        name = content[place + 4 : place + 8]
        if end > len(content) or name not in PARTS:
            return False
        if struct.unpack_from(">I", content, end - 4) != (
            zlib.crc32(content[place + 4 : end - 4]),
        ):
            return False
        names.append(name)
        place = end
    return place == len(content) and names[:1] == [FIRST] and names[-1:] == [LAST]
