"""A run: a layout that forms step by step, watched and steered meanwhile, its frames kept."""
