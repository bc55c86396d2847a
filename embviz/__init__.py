"""See which classes your model or your data confuse, and how sure you can be.

Everything public is here; a module is imported when one of its names is first used.
"""

from importlib import import_module
from typing import TYPE_CHECKING

from embviz.version import __version__ as __version__

if TYPE_CHECKING:
    from embviz.dataset import Dataset
    from embviz.datasets import dataset_from_arrays, known_datasets, load_dataset
    from embviz.errors import (
        Cancelled,
        DatasetError,
        EmbvizError,
        ExportError,
        InputError,
        MissingDependencyError,
        ProtocolError,
        SpecError,
    )
    from embviz.export import ExportReport, export_projector, export_zip, read_coordinates, write_coordinates
    from embviz.features import Features, activation_features, pixel_features, train_network, vector_features
    from embviz.neighbors import NeighborGraph, neighbor_graph
    from embviz.overlap import Overlap, OverlapMatrix, class_overlap, closest_pairs, overlap_matrix
    from embviz.projection import project
    from embviz.projection.forming import Layout, start_layout, step_layout
    from embviz.projection.projection import Projection
    from embviz.projection.specs import Pca, Tsne, Umap
    from embviz.projection.steering import Steering

_MODULES = {
    "embviz.dataset": ("Dataset",),
    "embviz.datasets": ("dataset_from_arrays", "known_datasets", "load_dataset"),
    "embviz.errors": (
        "Cancelled",
        "DatasetError",
        "EmbvizError",
        "ExportError",
        "InputError",
        "MissingDependencyError",
        "ProtocolError",
        "SpecError",
    ),
    "embviz.export": ("ExportReport", "export_projector", "export_zip", "read_coordinates", "write_coordinates"),
    "embviz.features": ("Features", "activation_features", "pixel_features", "train_network", "vector_features"),
    "embviz.neighbors": ("NeighborGraph", "neighbor_graph"),
    "embviz.overlap": ("Overlap", "OverlapMatrix", "class_overlap", "closest_pairs", "overlap_matrix"),
    "embviz.projection": ("project",),
    "embviz.projection.forming": ("Layout", "start_layout", "step_layout"),
    "embviz.projection.projection": ("Projection",),
    "embviz.projection.specs": ("Pca", "Tsne", "Umap"),
    "embviz.projection.steering": ("Steering",),
}
_MODULE_OF = {name: module for module, names in _MODULES.items() for name in names}

__all__ = [
    "Cancelled",
    "Dataset",
    "DatasetError",
    "EmbvizError",
    "ExportError",
    "ExportReport",
    "Features",
    "InputError",
    "Layout",
    "MissingDependencyError",
    "NeighborGraph",
    "Overlap",
    "OverlapMatrix",
    "Pca",
    "Projection",
    "ProtocolError",
    "SpecError",
    "Steering",
    "Tsne",
    "Umap",
    "activation_features",
    "class_overlap",
    "closest_pairs",
    "dataset_from_arrays",
    "export_projector",
    "export_zip",
    "known_datasets",
    "load_dataset",
    "neighbor_graph",
    "overlap_matrix",
    "pixel_features",
    "project",
    "read_coordinates",
    "start_layout",
    "step_layout",
    "train_network",
    "vector_features",
    "write_coordinates",
]


def __getattr__(name: str) -> object:
    if name not in _MODULE_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_MODULE_OF[name]), name)


def __dir__() -> list[str]:
    return __all__
