"""The tables, a module for each topic, all on the metadata of ``base``."""
