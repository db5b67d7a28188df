"""The three-way match: card company, books and appointments, and every difference by itself."""
