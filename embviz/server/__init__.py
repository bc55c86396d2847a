"""HTTP routes that hand the page its scripts and its binary data."""

from embviz.server.addresses import Addresses
from embviz.server.assets import FRONTEND, frontend_version, plotly_address, plotly_script
from embviz.server.colors import color_offers
from embviz.server.live import live_runs
from embviz.server.preloads import Preloads
from embviz.server.routes import routes
from embviz.server.shelf import Shelf, shelf

__all__ = [
    "FRONTEND",
    "Addresses",
    "Preloads",
    "Shelf",
    "color_offers",
    "frontend_version",
    "live_runs",
    "plotly_address",
    "plotly_script",
    "routes",
    "shelf",
]
