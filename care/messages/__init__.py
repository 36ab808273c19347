"""Everything said to a person: a row committed with the change that caused it, claimed and sent afterwards. Knows no wording."""
