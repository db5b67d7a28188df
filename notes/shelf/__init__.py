"""What a counselor keeps at hand for writing: layouts of their own, and snippets."""
