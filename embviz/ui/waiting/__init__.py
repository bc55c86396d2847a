"""Waiting for a computation: progress, Cancel, errors, and a card over the plot before it begins."""
