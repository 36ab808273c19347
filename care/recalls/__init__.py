"""Taking back a passage that was wrong: it answers nobody any more, and everybody who received it is told once."""
