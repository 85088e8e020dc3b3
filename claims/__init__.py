"""What may be said: the domain's types, the reviewed catalogue and the language data."""
