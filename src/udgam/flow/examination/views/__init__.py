"""The pages of the desk: the queue, the case, what is decided about it."""
