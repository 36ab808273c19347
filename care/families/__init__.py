"""Caregivers, the channels they are reached on, and their children. Talk belongs to the caregiver, the child is shared."""
