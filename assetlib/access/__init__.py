"""Who acts, and which sentence says that they may."""
