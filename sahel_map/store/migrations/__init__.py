"""Every change of the store's tables, in order. A store of any earlier version is brought up on its next build."""
