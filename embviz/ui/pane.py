"""The `Pane` value: one projector of the page with its view, run and focus. Several can stand side by side."""

from dataclasses import dataclass, field

from embviz.run import Run
from embviz.ui.contract.focus import Focus
from embviz.ui.memory import Memory
from embviz.view import View


@dataclass(eq=False, slots=True)
class Pane(Memory):
    """One projector of one visitor. What two panes show, and their runs, are apart; those compared have one focus.

    Attributes
    ----------
    key
        Of its component, and of what the browser remembers of it: camera, zoom, hidden classes, tool. No other pane
        of the page has it.
    view
        The last one that was computed, or found. Drawn until the next one can be.
    run
        The last one that was started in it, if it may still be shown.
    focus
        What is pinned and selected; of panes that are compared that of the first one counts.
    """

    key: str
    view: View | None = None
    run: Run | None = None
    focus: Focus = field(default_factory=Focus)

    def named(self, name: str) -> str:
        """The key of one of its controls: `name`, and which pane it is of.

        Examples
        --------
        >>> Pane("left").named("cancel")
        'cancel-left'
        """
        return f"{name}-{self.key}"
