"""What somebody sees of several rooms at once: their work, and what happened in the house."""
