"""How reference data is changed: by one person, and let through by another."""
