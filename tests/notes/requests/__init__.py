"""Tests of the requests of clients."""
