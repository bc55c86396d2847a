"""Every public name and its module: type checkers read this, and embviz imports a module when a name is first used."""

from .dataset import Dataset as Dataset
from .datasets import (
    dataset_from_arrays as dataset_from_arrays,
)
from .datasets import (
    known_datasets as known_datasets,
)
from .datasets import (
    load_dataset as load_dataset,
)
from .errors import (
    Cancelled as Cancelled,
)
from .errors import (
    DatasetError as DatasetError,
)
from .errors import (
    EmbvizError as EmbvizError,
)
from .errors import (
    ExportError as ExportError,
)
from .errors import (
    InputError as InputError,
)
from .errors import (
    MissingDependencyError as MissingDependencyError,
)
from .errors import (
    ProtocolError as ProtocolError,
)
from .errors import (
    SpecError as SpecError,
)
from .export import (
    ExportReport as ExportReport,
)
from .export import (
    export_projector as export_projector,
)
from .export import (
    export_zip as export_zip,
)
from .export import (
    read_coordinates as read_coordinates,
)
from .export import (
    write_coordinates as write_coordinates,
)
from .features import (
    Features as Features,
)
from .features import (
    activation_features as activation_features,
)
from .features import (
    pixel_features as pixel_features,
)
from .features import (
    train_network as train_network,
)
from .features import (
    vector_features as vector_features,
)
from .neighbors import NeighborGraph as NeighborGraph
from .neighbors import neighbor_graph as neighbor_graph
from .overlap import (
    Overlap as Overlap,
)
from .overlap import (
    OverlapMatrix as OverlapMatrix,
)
from .overlap import (
    class_overlap as class_overlap,
)
from .overlap import (
    closest_pairs as closest_pairs,
)
from .overlap import (
    overlap_matrix as overlap_matrix,
)
from .projection import project as project
from .projection.forming import Layout as Layout
from .projection.forming import start_layout as start_layout
from .projection.forming import step_layout as step_layout
from .projection.projection import Projection as Projection
from .projection.specs import Pca as Pca
from .projection.specs import Tsne as Tsne
from .projection.specs import Umap as Umap
from .projection.steering import Steering as Steering
from .version import __version__ as __version__
