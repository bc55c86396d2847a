"""Export of files for other programs: TensorBoard projector folders, parquet files, coordinates, images, pictures."""

from embviz.export.archive import export_zip
from embviz.export.coordinates import coordinates_bytes, parameters_json, selection_csv, write_coordinates
from embviz.export.interop import interop_parquet
from embviz.export.picture.write import write_picture
from embviz.export.pictures import images_zip, write_images
from embviz.export.placed import write_placed
from embviz.export.reading import read_coordinates
from embviz.export.tensorboard.export import ExportReport, export_projector

__all__ = [
    "ExportReport",
    "coordinates_bytes",
    "export_projector",
    "export_zip",
    "images_zip",
    "interop_parquet",
    "parameters_json",
    "read_coordinates",
    "selection_csv",
    "write_coordinates",
    "write_images",
    "write_picture",
    "write_placed",
]
