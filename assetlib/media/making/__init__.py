"""Files made in code, for the demo company and for tests: pictures, pages, films, sounds, logos, documents.

Nothing here looks at files of others, so nothing here needs the sandbox. The same order makes the same bytes.
"""
