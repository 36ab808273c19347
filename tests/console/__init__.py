"""The staff console, driven as a browser drives it, on a real database."""
