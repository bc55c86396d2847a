"""Controls of a layout that take more than one widget: its axes, and the preprocessing of vectors."""
