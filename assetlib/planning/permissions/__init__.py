"""Who may plan, approve, assign, deliver and accept."""
