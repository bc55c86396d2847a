"""The overlaps of every two classes: their table, how it is measured, and which entries differ beyond chance."""
