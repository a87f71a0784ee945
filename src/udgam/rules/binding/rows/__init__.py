"""The rows of the decision table, one file each, with the source of every row."""
