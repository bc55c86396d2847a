"""The overlap of every two classes: the table, how it is measured, and which of its entries differ beyond chance."""
