"""The index: any corpus becomes a bundle and is found again. No family, no decision."""
