"""Axes that are there already: columns of numbers that the items came with, and single features, as they are."""
