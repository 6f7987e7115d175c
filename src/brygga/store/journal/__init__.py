"""The journal: what was meant, what came of it, and which records of the two systems belong together."""
