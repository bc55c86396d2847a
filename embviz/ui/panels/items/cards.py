"""Gallery cards of items, as the tabs of the right column show them."""

from embviz.dataset import Dataset
from embviz.items.names import item_name
from embviz.ui.contract.gallery_messages import GalleryCard


def item_card(dataset: Dataset, row: int, caption: str, beside: int | None = None) -> GalleryCard:
    """A gallery card of one item; `beside` is the row of another one that its label is compared with."""
    labels, item = dataset.labels, int(dataset.ids[row])
    return {
        "ids": [item],
        "name": item_name(item, dataset.splits),
        "title": "" if labels is None else dataset.class_names[labels[row]],
        "caption": caption,
        "differs": labels is not None and beside is not None and bool(labels[row] != labels[beside]),
    }
