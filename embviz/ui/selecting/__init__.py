"""How items are found, selected and isolated by other ways than drawing around them."""
