"""Processes of ours that do what cannot be stopped, or not be trusted, within this one."""
