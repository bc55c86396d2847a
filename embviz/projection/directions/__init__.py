"""Layouts along chosen directions: each axis leads from the mean of some items to the mean of others."""
