"""A view as one HTML file that needs no server or network: scripts of the page, and the data that they show."""
