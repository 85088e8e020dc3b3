"""How bytes become a Page of Blocks, by media type."""
