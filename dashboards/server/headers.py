"""Security headers on every answer: pages, static files, errors."""

from __future__ import annotations

from tornado.web import OutputTransform

# script-src needs 'unsafe-inline' for Bokeh's own start script and 'unsafe-eval' for its formatters;
# script-src-attr 'none' is what stops markup in a data string: it cannot carry an event handler.
POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:",
        "script-src-attr 'none'",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "connect-src 'self' blob: {websockets}",
        "worker-src 'self' blob:",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)

FIXED = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
}


class SecurityHeaders(OutputTransform):
    """Adds the headers to whatever is answered; told nothing by the handlers, so none can forget it."""

    def __init__(self, request) -> None:
        self._host = request.host

    def transform_first_chunk(self, status_code, headers, chunk, finishing):
        for name, value in FIXED.items():
            headers[name] = value
        headers["Content-Security-Policy"] = policy(self._host)
        headers.pop("Server", None)
        headers.pop("Access-Control-Allow-Origin", None)
        headers.pop("Access-Control-Allow-Credentials", None)
        return status_code, headers, chunk


def policy(host: str) -> str:
    """The content security policy of a page on that host; its websockets go there and nowhere else."""
    safe = all(c.isalnum() or c in ".:-[]_" for c in host)
    return POLICY.format(websockets=f"ws://{host} wss://{host}" if safe and host else "")
