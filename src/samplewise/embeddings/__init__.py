"""Who lies near whom: reducers and neighbours.

Missing is NaN in float arrays here, the only null that NumPy has, and to be stored as null.
"""

from samplewise.embeddings._duplicates import NearDuplicates, near_duplicates
from samplewise.embeddings._epochs import reduce_epochs
from samplewise.embeddings._matrix import valid_rows
from samplewise.embeddings._methods import make_reducer
from samplewise.embeddings._neighbours import Neighbours, nearest_neighbours, outlier_scores
from samplewise.embeddings._pacmap import PaCMAPReducer
from samplewise.embeddings._pca import PCAReducer
from samplewise.embeddings._plan import GroupKey, Progress, Reduction, ReductionPlan
from samplewise.embeddings._process import StoredReducer, compile_cache_dir, reduce_in_process
from samplewise.embeddings._search import NeighbourSearch
from samplewise.embeddings._space import Metric
from samplewise.embeddings._stored import describe_reducer, load_reducer, save_reducer
from samplewise.embeddings._survey import Survey, survey
from samplewise.embeddings._trustworthiness import trustworthiness
from samplewise.embeddings._umap import UMAPReducer
from samplewise.embeddings.reducer import Reducer, ReductionWarning

__all__ = [
    "GroupKey",
    "Metric",
    "NearDuplicates",
    "NeighbourSearch",
    "Neighbours",
    "PCAReducer",
    "PaCMAPReducer",
    "Progress",
    "Reducer",
    "Reduction",
    "ReductionPlan",
    "ReductionWarning",
    "StoredReducer",
    "Survey",
    "UMAPReducer",
    "compile_cache_dir",
    "describe_reducer",
    "load_reducer",
    "make_reducer",
    "near_duplicates",
    "nearest_neighbours",
    "outlier_scores",
    "reduce_epochs",
    "reduce_in_process",
    "save_reducer",
    "survey",
    "trustworthiness",
    "valid_rows",
]
