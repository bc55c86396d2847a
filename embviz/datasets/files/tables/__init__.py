"""Tables: .csv, .tsv, .jsonl and .parquet files, and data frames."""
