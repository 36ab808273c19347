"""The duty roster: who stands on duty when and for which area, who stands in, and where nobody does. No page is sent here."""
