"""What every route answers with: bytes as they are, or the news that there is nothing."""

from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

FOREVER = {"Cache-Control": "private, max-age=31536000, immutable", "X-Content-Type-Options": "nosniff"}
PASSING = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}


def binary(
    body: bytes, headers: dict[str, str], encoding: str = "identity", after: BackgroundTask | None = None
) -> Response:
    """A response, with what is to be done once it is sent.

    Streamlit's middleware would compress float coordinates, which costs more than it saves: "identity" says no.
    """
    headers = headers | {"Content-Encoding": encoding}
    return Response(body, media_type="application/octet-stream", headers=headers, background=after)


def not_found(request: Request) -> Response:
    """Never Streamlit's own page, which it sends for an address that it does not know."""
    return PlainTextResponse(
        "Not here: the server was restarted or the data replaced. Reload the page.",
        status_code=404,
        headers={"Cache-Control": "no-store"},
    )
