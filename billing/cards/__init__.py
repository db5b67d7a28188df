"""Cards that clients keep at the payment provider: saving one, the usual one, removing it, and charging it."""
