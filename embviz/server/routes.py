"""The routes below ``embviz/``: scripts, styles, binary data, colors on offer, and layouts that form."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from embviz.server.answers import FOREVER, binary, not_found
from embviz.server.assets import frontend_file, plotly_script
from embviz.server.colors import offered_colors
from embviz.server.news import granted, kept_frame, kept_frames, news
from embviz.server.shelf import GZIPPED, shelf


def routes(base_path: str = "") -> list[Route]:
    """The routes for ``st.App``; `base_path` is Streamlit's ``server.baseUrlPath``."""
    base = f"/{base_path.strip('/')}" if base_path.strip("/") else ""
    return [
        Route(f"{base}/embviz/js/{{version}}/{{name:path}}", _script),
        Route(f"{base}/embviz/plotly/{{version}}", _plotly),
        Route(f"{base}/embviz/data/{{secret}}/{{key}}", _data),
        Route(f"{base}/embviz/colors/{{secret}}/{{offer}}", offered_colors),
        Route(f"{base}/embviz/live/{{secret}}/{{run}}", news),
        Route(f"{base}/embviz/live/{{secret}}/{{run}}/wishes/{{wish}}", granted, methods=["POST"]),
        Route(f"{base}/embviz/live/{{secret}}/{{run}}/frames", kept_frames),
        Route(f"{base}/embviz/live/{{secret}}/{{run}}/frames/{{serial}}", kept_frame),
        Route(f"{base}/embviz/{{rest:path}}", not_found),
    ]


async def _script(request: Request) -> Response:
    found = frontend_file(request.path_params["name"])
    if found is None:
        return not_found(request)
    content, media_type = found
    return Response(content, media_type=media_type, headers=FOREVER)


def _plotly(request: Request) -> Response:
    headers = FOREVER | {"Content-Encoding": "gzip"}
    return Response(plotly_script(), media_type="text/javascript", headers=headers)


def _data(request: Request) -> Response:
    key = request.path_params["key"]
    body = shelf.get(request.path_params["secret"], key)
    if body is None:
        return not_found(request)
    return binary(body, FOREVER, "gzip" if key.endswith(GZIPPED) else "identity")
