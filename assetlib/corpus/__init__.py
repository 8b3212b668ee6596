"""Files and strings that somebody collected to try a house on, sent through a house of its own.

Each run opens a fresh installation in a temporary folder, serves it on loopback, and goes in by HTTP as
clients do. Nothing of the installation that the command is called in is read or changed.
"""
