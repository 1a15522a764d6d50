"""Python imports this when it starts in a build that uv runs: see `stand_in`."""

import sys

from stand_in import Finder, backend_of

sys.meta_path.insert(0, Finder(backend_of("pyproject.toml")))
