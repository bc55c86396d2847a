"""Layouts of more items than one machine holds: the same stages over partitions of parquet files, on Dask."""

from embviz.distributed.layout import Summary, distributed_layout, table_size

__all__ = ["Summary", "distributed_layout", "table_size"]
