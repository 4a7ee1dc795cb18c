"""Show the published site on this machine, and nothing else of it."""

from __future__ import annotations

import functools
import http.server
from http import HTTPStatus
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from kingston_analysis.book.policy import HEADERS
from kingston_analysis.errors import KingstonError
from kingston_analysis.project import Project

# The names under which a browser on this machine asks. Another one may be a page from elsewhere
# whose name was made to lead here (DNS rebinding).
HOSTS = ("localhost", "127.0.0.1")
# What a server on this machine adds to what every host is asked to send.
HERE = {"Cross-Origin-Resource-Policy": "same-origin", "Cache-Control": "no-cache"}


def serve_site(project: Project, port: int) -> None:
    """Serve the site on localhost until Ctrl-C.

    Raises KingstonError where there is no site, or the port cannot be used.
    """
    if not project.site.exists():
        raise KingstonError("There is no site yet.", "Run `kingston build`.")
    handler = functools.partial(SiteHandler, directory=str(project.site))
    try:
        server = http.server.ThreadingHTTPServer(("127.0.0.1", port), handler)
    except OSError as error:
        what = f"Port {port} cannot be used: {error.strerror}."
        raise KingstonError(what, "Choose another with --port.") from None
    print(f"Open http://localhost:{port}/ and stop with Ctrl-C.", flush=True)  # noqa: T201
    with server:
        server.serve_forever()


class SiteHandler(http.server.SimpleHTTPRequestHandler):
    """Answer with a file of the site; follow no link, list no folder."""

    def send_head(self) -> BytesIO | BinaryIO | None:
        """Refuse other hosts, links, and folders without a page."""
        if self.headers.get("Host", "").rpartition(":")[0] not in HOSTS:
            self.send_error(HTTPStatus.MISDIRECTED_REQUEST, "This server is called localhost")
            return None
        asked = Path(self.translate_path(self.path))
        place = asked / "index.html" if asked.is_dir() else asked
        site = Path(self.directory)
        inside = [each for each in (place, *place.parents) if site in each.parents]
        if any(each.is_symlink() for each in inside) or not place.is_file():
            self.send_error(HTTPStatus.NOT_FOUND)
            return None
        return super().send_head()

    def end_headers(self) -> None:
        """Add what tells a browser to be strict."""
        for name, value in {**HEADERS, **HERE}.items():
            self.send_header(name, value)
        super().end_headers()

    def log_message(self, *_arguments: object) -> None:
        """Keep the terminal free."""
