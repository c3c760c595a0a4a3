"""Tests that the same site gives the same dataset whatever form its dump is in."""
