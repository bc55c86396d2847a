"""Reader of data frames of any library, by narwhals: pandas, polars, Arrow, DuckDB and others."""

from typing import Any

from embviz.checks.wording import described
from embviz.datasets.files.contents import Contents
from embviz.datasets.files.tables.columns import table_contents
from embviz.datasets.files.tables.table import distinct_names, table_in_memory
from embviz.errors import DatasetError
from embviz.progress import Progress, no_progress

_PANDAS_INDEX = "__index_level_0__"


def frame_contents(frame: Any, name: str, *, progress: Progress = no_progress) -> Contents:
    """Contents of a data frame; lists of numbers are vectors, and so are columns with numbered names.

    Raises
    ------
    DatasetError
        If it is not a data frame, has no rows, or a column holds values of several types.
    """
    import narwhals
    import narwhals.exceptions
    import pyarrow

    try:
        table = narwhals.from_native(frame).lazy().collect("pyarrow").to_native()
    except TypeError as error:
        raise DatasetError(
            f"a table must be a data frame of pandas, polars, pyarrow or DuckDB, got {described(frame)}; "
            "for arrays use dataset_from_arrays"
        ) from error
    except (pyarrow.ArrowException, narwhals.exceptions.NarwhalsError, ValueError) as error:
        said = " ".join(str(part) for part in error.args).partition("\n")[0]
        raise DatasetError(f"the table cannot be read ({said:.150}); give columns of one type each") from error
    if not len(table):
        raise DatasetError("the table has no rows; give one row per item")
    names, notes = distinct_names(["index" if column == _PANDAS_INDEX else column for column in table.column_names])
    return table_contents(table_in_memory(name, name, table.rename_columns(names)), notes, progress=progress)
