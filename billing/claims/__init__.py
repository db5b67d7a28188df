"""Claims: superbills sent to insurers by the practice, and what became of them."""
