"""The till: counting it, carrying cash and cheques to the bank, and what is missing."""
