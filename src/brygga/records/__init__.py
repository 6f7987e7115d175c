"""What both systems talk about: frozen, typed, amounts as Decimal. No input or output, no wire names, no floats."""
