"""The pages that belong to no room, by use: welcome and notices, texts, feedback, the agent's file, the service itself."""
