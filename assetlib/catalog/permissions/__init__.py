"""Who may do what in the catalogue, as sentences."""
