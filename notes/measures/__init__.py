"""Questionnaires with published rules: asked, answered, scored, charted, and watched over."""
