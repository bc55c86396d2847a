"""Messages between Python and galleries, under the same rules as `messages.py`."""

from typing import TypedDict

from embviz.ui.contract.messages import ImagesAddress


class GalleryCard(TypedDict):
    """A card with one image or two.

    Attributes
    ----------
    ids
        Ids of the items on the card.
    name
        Names of the items, for screen readers.
    differs
        Whether the card is drawn with a warning border.
    """

    ids: list[int]
    name: str
    title: str
    caption: str
    differs: bool


class GalleryRequest(TypedDict):
    """Request to a gallery to draw cards; sizes are in CSS pixels.

    The item under the pointer is marked in the pane with key `pane`.

    Attributes
    ----------
    bars
        Length of a bar on each card, from 0 to 1; None draws no bars.
    isDifference
        Whether a card of two items shows the difference of their images and not both.
    """

    pane: str
    images: ImagesAddress | None
    cards: list[GalleryCard]
    bars: list[float] | None
    isDifference: bool
    imageSize: int
    columns: int
    cardHeight: int


class GalleryAnswers(TypedDict):
    """Message from a gallery to Python: the ids of the items on the card that was clicked."""

    picked: list[int]
