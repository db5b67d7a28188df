"""The ground every feature stands on; knows no feature."""
