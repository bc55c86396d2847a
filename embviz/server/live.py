"""Addresses of layouts that form: their visitor's page fetches frames there, and posts wishes such as pause."""

from collections.abc import Callable, Mapping

from embviz.projection.run.steering import Steering
from embviz.projection.run.wishes import MORE
from embviz.run import Run
from embviz.server.addresses import Addresses

WISHES: Mapping[str, Callable[[Steering], None]] = {
    "pause": Steering.pause,
    "resume": Steering.resume,
    "stop": Steering.stop,
    "more": lambda steering: steering.wish(more=MORE),
    "perturb": lambda steering: steering.wish(perturbations=1),
}
"""Wishes that the page may post, by name. Each takes effect within an iteration, and none once the layout has ended."""

live_runs = Addresses[Run]("live")
"""The addresses of all layouts that form in this process."""
