"""What is measured, one program a subject. Each prints a table for people and one JSON object as its last line."""
