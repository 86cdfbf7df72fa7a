"""The same tree again: each module's tests stand where the module stands."""
