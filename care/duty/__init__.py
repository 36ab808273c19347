"""Paging people on duty in danger, and telling the parent the truth about whether a page reached one of them."""
