"""Excel in: the decomposition table and the problem ledger. All bad rows are told at once, nothing loads by halves."""
