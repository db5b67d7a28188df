"""Papers about money that sum up or ask: statements, superbills, claims."""
