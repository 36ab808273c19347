"""Editions: approved revisions frozen under a number. Their build, gate and publication are care.editions."""
