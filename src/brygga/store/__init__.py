"""The store: the journal of what was meant and what came of it, the history of runs, and the settings."""
