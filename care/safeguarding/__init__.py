"""Cases in which somebody may have to be protected from a person: who may read them, every look with its reason, the report."""
