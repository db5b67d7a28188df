"""Sessions in the codes insurers read: proposed from what happened, confirmed by the counselor."""
