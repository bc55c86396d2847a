"""Report of the selection to the Python session that opened the page, if one did."""

import logging

from embviz.datasets import Given
from embviz.datasets.own.started import started_folder, started_source
from embviz.logs import warn_once
from embviz.showing.exchange import tell_selected
from embviz.ui.contract.focus import Focus

logger = logging.getLogger(__name__)


def tell_python(focus: Focus) -> None:
    """Tell the Python session that opened the page, if one did, which of its data's items are selected."""
    folder = started_folder()
    if folder is None:
        return
    source = started_source()
    if isinstance(source, Given) and focus.source == source.key:
        try:
            tell_selected(folder, focus.selected_ids())
        except OSError as error:
            warn_once(logger, f"Python cannot be told what is selected: {error.strerror or error}")
