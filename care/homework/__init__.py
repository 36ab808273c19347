"""Homework: a task for a child, what its caregivers hand in, and a trainer's comment. One a task and child, whoever sends it."""
