"""Readers of tables: .csv, .tsv, .jsonl and .parquet files, and data frames."""
