"""The `Roles` value: what the fields of files are used for."""

from dataclasses import dataclass

from embviz.checks.arguments import check_fields
from embviz.errors import DatasetError


@dataclass(frozen=True, slots=True)
class Pictures:
    """Shape, range and order of the values of a field that are images.

    Attributes
    ----------
    field
        Name of the field; each of its values has as many numbers as an image has.
    shape
        Shape of an image: (h, w), or (h, w, c) with 3 or 4 values per pixel. The fourth, the opacity, is left out.
    low, high
        The values that become 0 and 255.
    planar
        Whether all values of one color are stored before the next color, (c, h, w), and not pixel by pixel.
    transposed
        Whether rows and columns of the images change places, after which their shape is (w, h).
    inverted
        Whether `low` becomes 255 and `high` becomes 0 instead, for dark ink on light paper.
    """

    field: str
    shape: tuple[int, ...]
    low: float = 0.0
    high: float = 255.0
    planar: bool = False
    transposed: bool = False
    inverted: bool = False

    def __post_init__(self) -> None:
        check_fields(self, DatasetError)
        if len(self.shape) not in (2, 3) or min(self.shape) < 1 or self.shape[2:] not in ((), (3,), (4,)):
            raise DatasetError(f"images have a shape (h, w), (h, w, 3) or (h, w, 4), got {self.shape}")
        if not self.low < self.high:
            raise DatasetError(f"the value of paper must be below that of ink, got {self.low:g} and {self.high:g}")


@dataclass(frozen=True, slots=True)
class Roles:
    """Use of each field of files; a field may have several uses, or none.

    Attributes
    ----------
    vectors
        Sets of vectors. Each is named after its first field, and is the numbers of its fields side by side.
    images
        The field of images, with shape, range and order of its values; None if there are no images.
    labels
        The field with the class of each item; None without classes.
    class_names
        One per code of the labels, or per different value in ascending order; if empty, those of the field are used.
    group
        The field that says which items belong together, such as all items of one writer; None without groups.
    columns
        Fields that are shown of an item, the group among them.
    layouts
        Fields of coordinates that were computed elsewhere.
    """

    vectors: tuple[tuple[str, ...], ...] = ()
    images: Pictures | None = None
    labels: str | None = None
    class_names: tuple[str, ...] = ()
    group: str | None = None
    columns: tuple[str, ...] = ()
    layouts: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        check_fields(self, DatasetError)

    @property
    def fields(self) -> tuple[str, ...]:
        """Names of all fields that are used, each once."""
        single = (self.images.field if self.images else None, self.labels, self.group)
        names = [name for each in self.vectors for name in each] + [name for name in single if name is not None]
        return tuple(dict.fromkeys([*names, *self.columns, *self.layouts]))
