"""The Content-Security-Policy of the site: in each page, and as files for what serves it."""

from __future__ import annotations

from pathlib import Path

# Only files of the site itself run, style and draw; `data:` are pictures inside style sheets. The
# search reads the pages that it has found.
_DIRECTIVES = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
}
POLICY = "; ".join(f"{name} {sources}" for name, sources in _DIRECTIVES.items())
# What a page cannot say of itself.
HEADERS = {
    "Content-Security-Policy": f"{POLICY}; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}


def write_headers(site: Path) -> None:
    """Write what common hosts read: Netlify and Cloudflare Pages, Apache, and nginx by include."""
    lines = [f"  {name}: {value}\n" for name, value in HEADERS.items()]
    _write(site / "_headers", ["/*\n", *lines])
    lines = [f'  Header always set {name} "{value}"\n' for name, value in HEADERS.items()]
    _write(site / ".htaccess", ["<IfModule mod_headers.c>\n", *lines, "</IfModule>\n"])
    lines = [f'add_header {name} "{value}" always;\n' for name, value in HEADERS.items()]
    _write(site / "nginx-headers.conf", lines)


def _write(file: Path, lines: list[str]) -> None:
    file.write_text("".join(lines), encoding="utf-8", newline="\n")
