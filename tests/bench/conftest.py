"""Keeps pytest away from the benchmarks: nothing here is a test, nor a doctest."""

collect_ignore_glob = ["*.py"]
