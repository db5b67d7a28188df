"""A day on which the counselor cannot work: moved or called off in one action, with kind words and other times."""
