"""Checks of what a caller passes: what is not allowed is refused, with a message of one sentence."""
