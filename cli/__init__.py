"""What operators type: one file per command group. `duban --help` lists them."""
