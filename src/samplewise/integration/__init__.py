"""Trainers that Samplewise listens to."""
