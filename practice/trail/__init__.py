"""The audit trail: the audit log as a Merkle tree whose signed heads leave the house."""
