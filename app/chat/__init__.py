"""The chat page for parents: routes, templates, style and one small script. It moves bytes; what is said is decided in `bot`."""
