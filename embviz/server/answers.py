"""Responses that all routes share: bytes as they are, and "not found"."""

from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

FOREVER = {"Cache-Control": "private, max-age=31536000, immutable", "X-Content-Type-Options": "nosniff"}
"""Headers of a response that never changes, so that browsers may keep it."""
PASSING = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
"""Headers of a response that browsers must not keep."""


def binary(
    body: bytes, headers: dict[str, str], encoding: str = "identity", after: BackgroundTask | None = None
) -> Response:
    """A response of bytes, and a task that runs after it was sent.

    Streamlit's middleware would compress float coordinates, which costs more than it saves; the encoding
    ``identity`` stops it from doing so.
    """
    headers = headers | {"Content-Encoding": encoding}
    return Response(body, media_type="application/octet-stream", headers=headers, background=after)


def not_found(request: Request) -> Response:
    """The response for an address that has nothing; without it Streamlit would answer with its own page."""
    return PlainTextResponse(
        "Not here: the server was restarted or the data replaced. Reload the page.",
        status_code=404,
        headers={"Cache-Control": "no-store"},
    )
