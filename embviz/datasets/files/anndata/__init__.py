"""Parts of the reader of AnnData files: HDF5 that is read safely, and matrices."""
