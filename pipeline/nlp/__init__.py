"""spaCy components that read claims, each a registered factory."""
