"""The staff console: cases, editions, colleagues, one's own account. Routes move bytes; every rule is care's, kit's or knowledge's."""
