"""The left sidebar, in which data, features and projection are chosen."""
