"""What a caller gives is checked against what is allowed, and refused in one sentence."""
