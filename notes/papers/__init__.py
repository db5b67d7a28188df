"""What leaves the practice on paper: notes and charts, and the proof that a document is ours."""
