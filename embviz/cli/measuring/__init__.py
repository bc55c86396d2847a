"""The commands that measure: overlap, layers, trust and labels, each as JSON and as text."""
