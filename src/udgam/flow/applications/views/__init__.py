"""The pages of applications, split by what one does on them."""
