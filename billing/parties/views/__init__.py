"""Pages on which parties say who they are to insurers."""
