"""What the tabs say of two classes, and how these are chosen."""
