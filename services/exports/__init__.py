"""Excel and the sealed record out, page by page, so that memory stays flat however large the city is."""
