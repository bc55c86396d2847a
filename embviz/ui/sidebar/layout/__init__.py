"""Controls of a layout that are more than one widget: its axes, and what is done to vectors first."""
