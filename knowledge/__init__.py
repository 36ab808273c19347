"""The curriculum: passages written by editors, vetted by reviewers, frozen into editions. Knows no family."""
