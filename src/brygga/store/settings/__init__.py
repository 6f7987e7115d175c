"""A company's settings: one typed registry, a module for each topic, the values, and their file."""
