"""``python -m embviz``."""

import sys

try:
    from embviz.cli import main

    code = main()
except KeyboardInterrupt:  # while it was starting or ending; what a command does when it is stopped, `main` knows
    code = 130
sys.exit(code)
