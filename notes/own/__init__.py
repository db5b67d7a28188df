"""The client's own copy of their record, on paper and as data, without asking anybody."""
