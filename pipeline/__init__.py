"""Finds out what is said, and does all the input and output."""
