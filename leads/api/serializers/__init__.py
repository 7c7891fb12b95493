"""How things look in JSON."""
