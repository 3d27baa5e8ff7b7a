"""The console script `duban`."""


def main() -> int:
    """Run the command line. Ends the process with the code of cli/exits.py."""
    from cli.tree import app

    app(prog_name="duban")
    return 0


if __name__ == "__main__":
    main()
