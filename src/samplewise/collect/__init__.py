"""What does a model say about every row? The one inference engine; loads torch."""

from samplewise.collect.guard import no_trace
from samplewise.collect.inference import Chunk, infer
from samplewise.collect.loading import Failure
from samplewise.collect.metrics_of_table import collect_metrics
from samplewise.collect.plain_predictor import PlainPredictor
from samplewise.collect.predictor import Batch, Item, Predictor
from samplewise.collect.ranks import rows_of_rank

__all__ = [
    "Batch",
    "Chunk",
    "Failure",
    "Item",
    "PlainPredictor",
    "Predictor",
    "collect_metrics",
    "infer",
    "no_trace",
    "rows_of_rank",
]
