"""Child processes for what could not be stopped, or is not trusted, in this process, and the command of the page."""
