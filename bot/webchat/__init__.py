"""The chat page's adapter: a raw form post becomes an inbox row, a row becomes an event, and a talk becomes what a page shows."""
