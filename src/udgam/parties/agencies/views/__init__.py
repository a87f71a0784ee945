"""The pages of this room: an agency's own administration, the platform's, and the way of a token."""
