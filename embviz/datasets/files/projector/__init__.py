"""The files that a projector config of TensorBoard names: config, tensors, metadata, sprite sheet, bookmarks."""
