"""Turns a stream of page results and a closing summary into text, and does nothing else."""
