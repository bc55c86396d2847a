"""Arrays of numpy: .npy and .npz files, one or several together."""
