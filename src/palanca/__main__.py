"""Lets `python -m palanca` reach the command line."""

from palanca.cli.app import main

if __name__ == "__main__":
    main()
