"""Tells pytest to collect nothing in this folder: benchmarks are no tests."""

collect_ignore_glob = ["*.py"]
