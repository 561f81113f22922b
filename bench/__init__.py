"""Benchmarks: this service beside stock Rasa, both real, on one machine. Never deployed."""
