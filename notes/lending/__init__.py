"""Charts lent to a colleague for a while, and handed over for good; what a colleague reads of them."""
