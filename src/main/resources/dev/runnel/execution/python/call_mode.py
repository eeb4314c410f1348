"""Runs a script file of Runnel by calling one of its functions.

call_mode.py call FILE FUNCTION ARGS...    calls FUNCTION(*ARGS)
call_mode.py decide FILE NOTE ARGS...      calls main(*ARGS) when the file defines it at top level and nothing
                                           there uses it, else runs the file as a program; writes the choice to NOTE

The interpreter compiles this file at every start: how it is done is in call_steps.py, which is kept compiled.
"""

# Processes that multiprocessing spawns load this file too, under another name.
if __name__ == "__main__":
    import sys
    from _frozen_importlib_external import SourceFileLoader

    steps = type(sys)("call_steps")
    unwritten, sys.dont_write_bytecode = sys.dont_write_bytecode, False
    code = SourceFileLoader("call_steps", __file__.replace("call_mode.py", "call_steps.py")).get_code("call_steps")
    sys.dont_write_bytecode = unwritten
    exec(code, steps.__dict__)
    steps.start(__file__)
