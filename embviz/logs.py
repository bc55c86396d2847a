"""Warnings that are logged once per process."""

import logging
from functools import cache


@cache
def warn_once(logger: logging.Logger, sentence: str) -> None:
    """Log the sentence as a warning, unless this process has logged it before."""
    logger.warning(sentence)
