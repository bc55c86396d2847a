"""The tabs of the right column, one module per tab."""
