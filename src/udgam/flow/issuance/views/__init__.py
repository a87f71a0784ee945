"""The pages of issuance, one file for each kind of work."""
