"""Ways to find, select and isolate items other than drawing around them."""
