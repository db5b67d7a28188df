"""What counselors get of what their clients paid: rules, statements by month, and sending it."""
