"""Extraction on many machines into files, and from files into a store: for more reports than one machine is for."""
