"""Who is told, in what words, through which door."""
