"""Comparison of layouts: the panes beside the first one, their controls, and their drawing."""
