"""What t-SNE and UMAP share in compiled code: how kernels are compiled and threads share out the items."""
