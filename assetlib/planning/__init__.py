"""From plan to deliverable: what was decided, who does it, until when, and what came of it."""
