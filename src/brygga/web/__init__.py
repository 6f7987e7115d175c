"""The program people use: server-rendered pages on loopback (design/interface.md)."""
