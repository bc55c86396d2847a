"""Warnings that are said once in a process."""

import logging
from functools import cache


@cache
def warn_once(logger: logging.Logger, sentence: str) -> None:
    """Log the sentence, unless it has been logged before."""
    logger.warning(sentence)
