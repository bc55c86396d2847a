"""Datasets known by name: scikit-learn's digits, and MNIST and its family from IDX files or TensorFlow Datasets."""
