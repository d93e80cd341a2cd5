"""How good is one sample: NumPy in, NumPy out."""
