"""What the agent's own window consists of: one page for every state, its script and its style."""
