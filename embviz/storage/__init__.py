"""Files of ours on the disk: never half written, shared by many processes, removed when nobody uses them."""
