"""`python -m vhkg` is the command vhkg."""

from vhkg.cli import main

if __name__ == "__main__":
    main()
