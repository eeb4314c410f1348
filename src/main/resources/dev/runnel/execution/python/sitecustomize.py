"""Makes EXECUTE_PATH and its scripts importable, behind everything that python finds by itself.

PYTHONPATH alone would put them in front: a stored script named like a module of the standard library would then run
inside every other one. What this file stands in front of is loaded as it would be without it.
"""

import os
import sys


def load_what_this_hides(name):
    """The installation's own module of that name, or an empty one that nobody else can take the place of."""
    # Every module that is imported here costs each run a millisecond.
    sys.modules.pop(name, None)
    try:
        __import__(name)
    except ImportError:
        sys.modules[name] = type(sys)(name)


def importable():
    here = os.path.dirname(os.path.abspath(__file__))
    sys.path[:] = [entry for entry in sys.path if os.path.abspath(entry) != here]
    load_what_this_hides("sitecustomize")
    load_what_this_hides("usercustomize")
    execute_path = os.environ.get("EXECUTE_PATH")
    if execute_path:
        for entry in (os.path.join(execute_path, "scripts"), execute_path):
            if entry not in sys.path:
                sys.path.append(entry)


importable()
