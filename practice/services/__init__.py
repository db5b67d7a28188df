"""What people do with accounts, invitations and profiles; callers commit."""
