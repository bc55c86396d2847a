"""Reader of numpy's .npy and .npz files, one or several together."""
