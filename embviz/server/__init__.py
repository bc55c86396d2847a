"""HTTP routes that hand the page its scripts and its binary data."""

from embviz.server.assets import FRONTEND, frontend_scripts, frontend_version, plotly_script, plotly_version
from embviz.server.live import LiveRun, LiveRuns, live_runs
from embviz.server.routes import routes
from embviz.server.shelf import Shelf, shelf

__all__ = [
    "FRONTEND",
    "LiveRun",
    "LiveRuns",
    "Shelf",
    "frontend_scripts",
    "frontend_version",
    "live_runs",
    "plotly_script",
    "plotly_version",
    "routes",
    "shelf",
]
