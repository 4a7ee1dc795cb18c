"""Show the published site on this machine."""

from __future__ import annotations

import functools
import http.server

from kingston_analysis.book.policy import HEADERS
from kingston_analysis.errors import KingstonError
from kingston_analysis.project import Project


def serve_site(project: Project, port: int) -> None:
    """Serve the site on localhost until Ctrl-C.

    Raises KingstonError where there is no site, or the port cannot be used.
    """
    if not project.site.exists():
        raise KingstonError("There is no site yet.", "Run `kingston build`.")
    handler = functools.partial(_Quiet, directory=str(project.site))
    try:
        server = http.server.ThreadingHTTPServer(("127.0.0.1", port), handler)
    except OSError as error:
        what = f"Port {port} cannot be used: {error.strerror}."
        raise KingstonError(what, "Choose another with --port.") from None
    print(f"Open http://localhost:{port}/ and stop with Ctrl-C.", flush=True)  # noqa: T201
    with server:
        server.serve_forever()


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def end_headers(self) -> None:
        """Send what a host of the site is asked to send."""
        for name, value in HEADERS.items():
            self.send_header(name, value)
        super().end_headers()

    def log_message(self, *_arguments: object) -> None:
        """Keep the terminal free."""
