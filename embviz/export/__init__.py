"""Files for other programs: a folder for TensorBoard's projector, and files of coordinates."""

from embviz.export.archive import export_zip
from embviz.export.coordinates import coordinates_bytes, selection_csv, write_coordinates
from embviz.export.reading import read_coordinates
from embviz.export.tensorboard.export import ExportReport, export_projector

__all__ = [
    "ExportReport",
    "coordinates_bytes",
    "export_projector",
    "export_zip",
    "read_coordinates",
    "selection_csv",
    "write_coordinates",
]
