"""The browser contract: the messages that the page's components are sent, and the answers that they may send."""
