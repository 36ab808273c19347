"""The chat page: its adapter, the page as a plain form, and the page in a real browser."""
