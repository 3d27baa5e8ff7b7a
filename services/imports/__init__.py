"""Excel in: the decomposition table and the problem ledger. Every bad row is told at once; nothing is loaded by halves."""
