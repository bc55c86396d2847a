"""The `Pane` value: one projector of the page with its view, run and focus. Several can stand side by side."""

from dataclasses import dataclass, field

from embviz.run import Run
from embviz.ui.contract.focus import Focus
from embviz.ui.memory import Memory
from embviz.view import View


@dataclass(eq=False, slots=True)
class Pane(Memory):
    """One projector of one visitor, with a view and a run of its own; panes that are compared share one focus.

    Attributes
    ----------
    key
        Key of its component, and of what the browser remembers of it: camera, zoom, hidden classes, tool. No other
        pane of the page has it.
    view
        The view that was computed or found last, drawn until the next one can be; None before the first.
    run
        The run that was started last in this pane; None if there is none whose layout may still be shown.
    focus
        Pinned item, selected items and pair looked at. Of panes that are compared only the first pane's focus counts.
    """

    key: str
    view: View | None = None
    run: Run | None = None
    focus: Focus = field(default_factory=Focus)

    def named(self, name: str) -> str:
        """The key of one of the pane's controls: `name`, then the key of the pane.

        Examples
        --------
        >>> Pane("left").named("cancel")
        'cancel-left'
        """
        return f"{name}-{self.key}"
