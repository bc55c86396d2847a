"""Every public name and its module: type checkers read this, and embviz imports a module when a name is first used."""

from .annotations import Annotations as Annotations, Tag as Tag, annotated as annotated
from .bounds import ErrorBounds as ErrorBounds, error_bounds as error_bounds
from .dataset import Dataset as Dataset
from .datasets import (
    dataset_from_arrays as dataset_from_arrays,
    known_datasets as known_datasets,
    load_dataset as load_dataset,
)
from .datasets.files.opening.load import dataset_from_table as dataset_from_table
from .errors import (
    Cancelled as Cancelled,
    ClusterError as ClusterError,
    DatasetError as DatasetError,
    EmbvizError as EmbvizError,
    ExportError as ExportError,
    InputError as InputError,
    MissingDependencyError as MissingDependencyError,
    OutOfMemoryError as OutOfMemoryError,
    PageError as PageError,
    ProtocolError as ProtocolError,
    SpecError as SpecError,
)
from .export import (
    ExportReport as ExportReport,
    export_projector as export_projector,
    export_zip as export_zip,
    interop_parquet as interop_parquet,
    read_coordinates as read_coordinates,
    write_coordinates as write_coordinates,
    write_images as write_images,
    write_picture as write_picture,
    write_placed as write_placed,
)
from .faithfulness import (
    Faithfulness as Faithfulness,
    Ladder as Ladder,
    OverlapChange as OverlapChange,
    layout_faithfulness as layout_faithfulness,
    overlap_change as overlap_change,
    overlap_ladder as overlap_ladder,
)
from .features import (
    Features as Features,
    activation_features as activation_features,
    pixel_features as pixel_features,
    train_network as train_network,
    vector_features as vector_features,
)
from .label_check import (
    Confusion as Confusion,
    LabelCheck as LabelCheck,
    check_labels as check_labels,
    confusion as confusion,
    suspicious_groups as suspicious_groups,
)
from .layers import (
    Accuracy as Accuracy,
    LayerLens as LayerLens,
    LayerStep as LayerStep,
    PairAxis as PairAxis,
    Separation as Separation,
    class_separation as class_separation,
    layer_lens as layer_lens,
    pair_axis as pair_axis,
)
from .neighbors import NeighborGraph as NeighborGraph, neighbor_graph as neighbor_graph
from .overlap import (
    Groups as Groups,
    Interval as Interval,
    Overlap as Overlap,
    OverlapMatrix as OverlapMatrix,
    Ranks as Ranks,
    class_overlap as class_overlap,
    closest_pairs as closest_pairs,
    groups_of as groups_of,
    overlap_matrix as overlap_matrix,
)
from .projection import project as project
from .projection.directions.spec import Direction as Direction, End as End
from .projection.layout import Layout as Layout
from .projection.placing.place import place as place
from .projection.placing.placed import Placed as Placed
from .projection.projection import Projection as Projection
from .projection.run.forming import start_layout as start_layout, step_layout as step_layout
from .projection.run.steering import Steering as Steering
from .projection.specs import Columns as Columns, Directions as Directions, Pca as Pca, Tsne as Tsne, Umap as Umap
from .showing.session import PageSession as PageSession
from .showing.show import show as show
from .stability import Stability as Stability, layout_stability as layout_stability
from .ui.standalone.write import write_page as write_page
from .version import __version__ as __version__
