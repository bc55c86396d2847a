"""What the page may ask of a layout that forms, by name."""

from collections.abc import Callable, Mapping

from embviz.projection.run.steering import Steering

MORE = 250
"""Iterations or epochs that one press adds."""

WISHES: Mapping[str, Callable[[Steering], None]] = {
    "pause": Steering.pause,
    "resume": Steering.resume,
    "stop": Steering.stop,
    "more": lambda steering: steering.wish(more=MORE),
    "perturb": lambda steering: steering.wish(perturbations=1),
}
"""Each takes effect within an iteration, and none once the layout has ended."""
