"""Runs a script file of Runnel by calling one of its functions.

call_mode.py call FILE FUNCTION ARGS...    calls FUNCTION(*ARGS)
call_mode.py decide FILE NOTE ARGS...      calls main(*ARGS) when the file defines it at top level and nothing
                                           there uses it, else runs the file as a program; writes the choice to NOTE
"""

import os
import sys

SCRIPT_DIRECTORY = None


def trusted(name):
    """A module of the standard library, also when the script beside us has its name."""
    import importlib

    own = sys.path[:]
    sys.path[:] = [entry for entry in own if entry != SCRIPT_DIRECTORY]
    try:
        return importlib.import_module(name)
    finally:
        sys.path[:] = own


def wants_call(path):
    """Whether a top-level main is defined and no module-level statement uses it."""
    ast = trusted("ast")
    with open(path, "rb") as source:
        try:
            tree = ast.parse(source.read())
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return False
    functions = (ast.FunctionDef, ast.AsyncFunctionDef)
    defined = False
    for statement in tree.body:
        if isinstance(statement, functions):
            defined = defined or statement.name == "main"
        elif not isinstance(statement, ast.ClassDef):
            for node in ast.walk(statement):
                if isinstance(node, ast.Name) and node.id == "main":
                    return False
                if isinstance(node, ast.Constant) and node.value == "__main__":
                    return False
    return defined


def load(path):
    """The script as a module whose __name__ is its file's stem, so that a main guard stays off."""
    trusted("importlib.machinery")
    trusted("importlib.util")
    import importlib

    name = os.path.splitext(os.path.basename(path))[0]
    loader = importlib.machinery.SourceFileLoader(name, path)
    spec = importlib.util.spec_from_file_location(name, path, loader=loader)
    module = importlib.util.module_from_spec(spec)
    if name not in sys.stdlib_module_names:
        sys.modules[name] = module
    loader.exec_module(module)
    return module


def available(module):
    return sorted(
        name
        for name, value in vars(module).items()
        if callable(value) and not name.startswith("_") and getattr(value, "__module__", None) == module.__name__
    )


def takes_positional(function):
    inspect = trusted("inspect")
    try:
        parameters = inspect.signature(function).parameters.values()
    except (TypeError, ValueError):
        return True
    positional = (
        inspect.Parameter.POSITIONAL_ONLY,
        inspect.Parameter.POSITIONAL_OR_KEYWORD,
        inspect.Parameter.VAR_POSITIONAL,
    )
    return any(parameter.kind in positional for parameter in parameters)


def call(path, function_name, args):
    inspect = trusted("inspect")
    json = trusted("json")
    module = load(path)
    function = getattr(module, function_name, None)
    if not callable(function):
        names = ", ".join(available(module)) or "none"
        sys.exit(f"Function not found: {function_name}. Available functions: {names}")
    value = function(*args) if takes_positional(function) else function()
    if inspect.isawaitable(value):
        asyncio = trusted("asyncio")

        async def finished():
            return await value

        value = asyncio.run(finished())
    if value is None:
        return
    if not isinstance(value, str):
        value = json.dumps(value, separators=(",", ":"), ensure_ascii=False, default=str)
    sys.stdout.write(value)
    sys.stdout.flush()


def start():
    mode, path, detail, *args = sys.argv[1:]
    function_name = detail
    if mode == "decide":
        chosen = "call" if wants_call(path) else "program"
        with open(detail, "w", encoding="ascii") as note:
            note.write(chosen)
        if chosen == "program":
            os.execv(sys.executable, [sys.executable, path, *args])
        function_name = "main"
    global SCRIPT_DIRECTORY
    SCRIPT_DIRECTORY = os.path.dirname(path)
    sys.argv = [os.path.basename(path), *args]
    sys.path.insert(0, SCRIPT_DIRECTORY)
    sys.dont_write_bytecode = True
    try:
        call(path, function_name, args)
    except Exception as failure:
        traceback = trusted("traceback")
        # The script's own frames only.
        frames = failure.__traceback__
        while frames is not None and frames.tb_frame.f_code.co_filename != path:
            frames = frames.tb_next
        traceback.print_exception(type(failure), failure, frames)
        sys.exit(1)



# Processes that multiprocessing spawns load this file too, under another name.
if __name__ == "__main__":
    start()
