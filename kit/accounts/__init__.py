"""Staff identity: accounts, roles, sign-in, sessions, invitations. What a role may see of families is decided in care.people."""
