"""A frozen edition made searchable: embed, build, shelf, search, evaluate. Knows no family, no decision, no danger."""
