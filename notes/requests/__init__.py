"""What clients ask of their record: correction, restriction, access, erasure, each with its clock."""
