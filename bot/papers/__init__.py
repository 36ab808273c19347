"""Sheets of the Parents' Classroom for print: a card for the wall, the plan of a class. Their words are `bot.wording.papers`'."""
