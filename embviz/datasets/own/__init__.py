"""Own files on their way onto the page: named by the command or dropped, and looked at before they are loaded."""
