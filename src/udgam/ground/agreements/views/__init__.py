"""The public pages of agreements: the list with its marks, the finder and the calculator."""
