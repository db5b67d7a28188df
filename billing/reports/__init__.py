"""Reports: what the books come to by counselor, service, month and age, and the entries behind every figure."""
