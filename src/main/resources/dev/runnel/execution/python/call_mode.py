"""Runs a script file of Runnel by calling one of its functions.

call_mode.py call FILE FUNCTION ARGS...    calls FUNCTION(*ARGS)
call_mode.py decide FILE NOTE ARGS...      calls main(*ARGS) when the file defines it at top level and nothing
                                           there uses it, else runs the file as a program; writes the choice to NOTE
call_mode.py wait                          waits until it is told what to call, on descriptor 3

The interpreter compiles this file at every start: how it is done is in call_steps.py, which is kept compiled.
"""

import os
import sys
from _frozen_importlib_external import SourceFileLoader, cache_from_source


def code_of(loader):
    """Kept compiled beside the source. What was cut off when it was written, by a limit or a full disk, is made anew."""
    unwritten, sys.dont_write_bytecode = sys.dont_write_bytecode, False
    try:
        return loader.get_code(loader.name)
    except (EOFError, ValueError, TypeError):
        try:
            os.unlink(cache_from_source(loader.path))
        except OSError:
            pass
        return loader.get_code(loader.name)
    finally:
        sys.dont_write_bytecode = unwritten


# Processes that multiprocessing spawns load this file too, under another name.
if __name__ == "__main__":
    steps = type(sys)("call_steps")
    exec(code_of(SourceFileLoader("call_steps", __file__.replace("call_mode.py", "call_steps.py"))), steps.__dict__)
    steps.start(__file__, code_of)
