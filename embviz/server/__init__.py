"""HTTP routes that hand the page its scripts and its binary data."""

from embviz.server.assets import FRONTEND, frontend_version, plotly_address, plotly_script
from embviz.server.live import LiveRuns, live_runs
from embviz.server.preloads import Preloads
from embviz.server.routes import routes
from embviz.server.shelf import Shelf, shelf

__all__ = [
    "FRONTEND",
    "LiveRuns",
    "Preloads",
    "Shelf",
    "frontend_version",
    "live_runs",
    "plotly_address",
    "plotly_script",
    "routes",
    "shelf",
]
