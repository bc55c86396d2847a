"""A view as one HTML file without server and network: the page's own scripts, and all that they would fetch."""
