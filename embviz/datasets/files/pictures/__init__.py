"""Reader of image files: which there are, whether they are complete, and their pixels in one size."""
