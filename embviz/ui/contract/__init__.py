"""The browser contract: what the page is sent, and what it may answer."""
