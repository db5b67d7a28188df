"""Cash, cheques and bank transfers, written down by hand."""
