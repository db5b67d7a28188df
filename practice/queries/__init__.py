"""What is read of people and of the audit log."""
