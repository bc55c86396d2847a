"""Layouts of more items than fit on one machine: the same stages over partitions of parquet files, on Dask."""

from embviz.distributed.layout import DistributedLayout, distributed_layout
from embviz.distributed.measuring import MeasuredLayout, MeasuredPair
from embviz.distributed.partitions import table_size

__all__ = ["DistributedLayout", "MeasuredLayout", "MeasuredPair", "distributed_layout", "table_size"]
