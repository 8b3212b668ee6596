"""Northwind Outdoors, an invented company, put in through the same actions that people use.

`filling.fill` makes its organisations, people, schema, files, rights, collections and a year of use. The
pictures in `media/` are drawn by program and are this product's own (CC0); every other file is made from
them in code.
"""
