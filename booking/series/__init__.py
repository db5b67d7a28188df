"""Sessions that recur: the rule, the dates it gives, and what is done with many sessions at once."""
