"""What people look at in the catalogue."""
