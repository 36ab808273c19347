"""What staff may do and see: `may(staff, verb, thing)` and `visible_to(staff)` decide every access to families' cases."""
