"""Pages of lists, views, several at once, files, map."""
