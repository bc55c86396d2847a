"""Layouts of more items than fit on one machine: the same stages over partitions of parquet files, on Dask."""

from embviz.distributed.layout import DistributedLayout, distributed_layout, table_size

__all__ = ["DistributedLayout", "distributed_layout", "table_size"]
