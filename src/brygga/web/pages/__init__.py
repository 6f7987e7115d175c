"""One module for each page of the program (design/interface.md)."""
