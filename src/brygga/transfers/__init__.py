"""The transfers: what is read is planned without side effects; the engine alone carries plans out."""
