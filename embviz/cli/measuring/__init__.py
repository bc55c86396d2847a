"""What the commands that measure print: overlap, layers, trust and labels."""
