"""What the tests stand on: databases, servers, processes and the checks of the house."""
