"""The browser contract: the messages that the page's components are sent, and those that they may answer."""
