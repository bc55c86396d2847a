"""The parts of an AnnData file: HDF5 that is safe to read, and its matrices."""
