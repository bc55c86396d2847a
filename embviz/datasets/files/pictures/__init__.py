"""Image files: which there are, whether they are whole, and their pixels in one size."""
