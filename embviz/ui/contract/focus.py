"""The `Focus` value: what is pinned, selected and compared on the page, by ids."""

import base64
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from embviz.arrays import BoolArray, Int64Array
from embviz.ui.contract.messages import FocusMessage


@dataclass(frozen=True, slots=True)
class Focus:
    """The pinned item, the selected items and the pair looked at on the page, by ids.

    Attributes
    ----------
    source
        Key of the data that the ids belong to; for other data they mean nothing.
    serial
        Number of changes so far, by Python or the browser. Of two focuses the one with the higher number is newer.
    pinned
        Id of the pinned item, or None.
    selected
        Ids as base64 of a bit mask (bit ``id % 8`` of byte ``id // 8``), or None.
    pair
        Ids of two items of different classes that are marked side by side, or None. The pair does not change the
        selection, which is drawn again once the pair is cleared.
    """

    source: str = ""
    serial: int = 0
    pinned: int | None = None
    selected: str | None = None
    pair: tuple[int, int] | None = None

    def selected_ids(self) -> Int64Array:
        """The selected ids, ascending.

        Examples
        --------
        >>> Focus(selected=id_set([1, 7], 10)).selected_ids().tolist()
        [1, 7]
        """
        return np.flatnonzero(self.is_selected()).astype(np.int64)

    def is_selected(self) -> BoolArray:
        """bool, shape (m,): whether each id below m is selected; m is a multiple of 8 above all selected ids.

        Examples
        --------
        >>> Focus(selected=id_set([1, 2], 3)).is_selected().tolist()
        [False, True, True, False, False, False, False, False]
        """
        mask = np.frombuffer(base64.b64decode(self.selected or ""), np.uint8)
        return np.unpackbits(mask, bitorder="little").view(np.bool_)

    def message(self) -> FocusMessage:
        """The focus as the message that the page is sent."""
        return {
            "source": self.source,
            "serial": self.serial,
            "pinned": self.pinned,
            "selected": self.selected,
            "pair": None if self.pair is None else list(self.pair),
        }


def id_set(ids: Sequence[int] | Int64Array, id_limit: int) -> str:
    """Ids, all below `id_limit`, as base64 of a bit mask: 50,000 ids of 70,000 take 12 kB."""
    mask = np.zeros(id_limit, np.uint8)
    mask[np.asarray(ids, np.int64)] = 1
    return base64.b64encode(np.packbits(mask, bitorder="little").tobytes()).decode()
