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


def header_files() -> dict[str, str]:
    """Return what common hosts read: Netlify and Cloudflare Pages, Apache, and nginx by include."""
    netlify = [f"  {name}: {value}\n" for name, value in HEADERS.items()]
    apache = [f'  Header always set {name} "{value}"\n' for name, value in HEADERS.items()]
    nginx = [f'add_header {name} "{value}" always;\n' for name, value in HEADERS.items()]
    return {
        "_headers": "".join(["/*\n", *netlify]),
        ".htaccess": "".join(["<IfModule mod_headers.c>\n", *apache, "</IfModule>\n"]),
        "nginx-headers.conf": "".join(nginx),
    }


def write_headers(site: Path) -> None:
    """Write the policy as files for what serves a site."""
    for name, text in header_files().items():
        (site / name).write_text(text, encoding="utf-8", newline="\n")
