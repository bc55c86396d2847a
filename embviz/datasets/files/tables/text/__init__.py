"""How a table is written as text: its separator and header, and the types of its columns."""
