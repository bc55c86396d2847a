"""Addresses of the colors that a visitor may choose: their page fetches them there before its script has run."""

from typing import Protocol

from starlette.requests import Request
from starlette.responses import Response

from embviz.server.addresses import Addresses, HasToken
from embviz.server.answers import FOREVER, binary, not_found


class OfferedColors(HasToken, Protocol):
    """The colorings that are offered to one visitor; their bytes are asked for in threads of the server."""

    def body(self, title: str, kind: str) -> bytes | None:
        """The bytes of the coloring with a title, as categories or values, or as usual; None if it is not offered."""


color_offers = Addresses[OfferedColors]("colors")
"""The addresses of all colorings that this process offers."""


def offered_colors(request: Request) -> Response:
    """The coloring that the query names by `title`, and by `kind` if that is not the usual one."""
    asked = request.query_params
    offer = color_offers.get(request.path_params["secret"], request.path_params["offer"])
    body = None if offer is None else offer.body(asked.get("title", ""), asked.get("kind", ""))
    return not_found(request) if body is None else binary(body, FOREVER)
