"""Child processes for work that could not be stopped, or is not trusted, in this process."""
