"""The browser contract: what the components of the page are sent, and what they may answer."""
