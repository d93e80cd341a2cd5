"""What a value can be: column kinds, value maps, array shapes."""
