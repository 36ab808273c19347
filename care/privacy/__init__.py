"""The register of personal data: which tables hold it, whose it is, what for and for how long."""
