"""What call_mode.py does. An import takes a millisecond or more, so only those who need a module import it."""

import os
import sys

# Both halves of importlib, which are there without an import of it.
from _frozen_importlib import module_from_spec
from _frozen_importlib_external import SourceFileLoader, spec_from_file_location

JOB = 3
NO_RUN = b"RUNNEL_RUN_ID=00000000-0000-0000-0000-000000000000"

CO_VARARGS = 0x04
CO_ITERABLE_COROUTINE = 0x100


def trusted(name, script_directory=None):
    """A module of the standard library, also when a script has its name and its directory comes first."""
    import importlib

    own = sys.path[:]
    sys.path[:] = [entry for entry in own if entry != script_directory]
    try:
        return importlib.import_module(name)
    finally:
        sys.path[:] = own


def evaluated(ast, statement):
    """The nodes of a statement that run when the module does: not what is inside of functions."""
    pending = [statement]
    while pending:
        node = pending.pop()
        yield node
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            pending += [*node.decorator_list, *node.args.defaults, *(d for d in node.args.kw_defaults if d)]
        else:
            pending += ast.iter_child_nodes(node)


def wants_call(path):
    """Whether a top-level main is defined and nothing that runs at module level uses it."""
    ast = trusted("ast")
    with open(path, "rb") as source:
        try:
            tree = ast.parse(source.read())
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return False
    for statement in tree.body:
        for node in evaluated(ast, statement):
            if isinstance(node, ast.Name) and node.id == "main":
                return False
            if isinstance(node, ast.Constant) and node.value == "__main__":
                return False
    functions = (ast.FunctionDef, ast.AsyncFunctionDef)
    return any(isinstance(statement, functions) and statement.name == "main" for statement in tree.body)


def importable(library):
    """What sitecustomize.py does for a program, here and in the interpreters that the script starts."""
    inherited = os.environ.get("PYTHONPATH")
    os.environ["PYTHONPATH"] = library + os.pathsep + inherited if inherited else library
    execute_path = os.environ.get("EXECUTE_PATH")
    if execute_path:
        for entry in (os.path.join(execute_path, "scripts"), execute_path):
            if entry not in sys.path:
                sys.path.append(entry)


def load(path, code_of):
    """The script as a module whose __name__ is its file's stem, so that a main guard stays off."""
    name = os.path.splitext(os.path.basename(path))[0]
    if name == "__main__":
        name = "main"
    loader = SourceFileLoader(name, path)
    module = module_from_spec(spec_from_file_location(name, path, loader=loader))
    if name not in getattr(sys, "stdlib_module_names", ()):
        sys.modules[name] = module
    # The file never changes, and compiling takes a millisecond also where there is little.
    exec(code_of(loader), module.__dict__)
    return module


def missing(module, function_name):
    """The last line of a run that cannot call what it should; the service reads the names from it."""
    names = sorted(
        name
        for name, value in vars(module).items()
        if callable(value) and not name.startswith("_") and getattr(value, "__module__", None) == module.__name__
    )
    return f"Function not found: {function_name}. Available functions: {', '.join(names) or 'none'}"


def takes_positional(function, script_directory):
    special = hasattr(function, "__wrapped__") or hasattr(function, "__signature__")
    if type(function) is type(load) and not special:
        return function.__code__.co_argcount > 0 or function.__code__.co_flags & CO_VARARGS
    inspect = trusted("inspect", script_directory)
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


def is_awaitable(value):
    generator = getattr(value, "gi_code", None)
    return hasattr(type(value), "__await__") or generator is not None and generator.co_flags & CO_ITERABLE_COROUTINE


def awaited(value, script_directory):
    asyncio = trusted("asyncio", script_directory)

    async def finished():
        return await value

    return asyncio.run(finished())


def compact_json(value, script_directory):
    try:
        # The encoder of json without the package, which takes half as long to import as python to start.
        from _json import encode_basestring, make_encoder

        encode = make_encoder({}, str, encode_basestring, None, ":", ",", False, False, True)
    except (ImportError, TypeError):
        json = trusted("json", script_directory)
        return json.dumps(value, separators=(",", ":"), ensure_ascii=False, default=str)
    return "".join(encode(value, 0))


def call(path, function_name, args, code_of):
    directory = os.path.dirname(path)
    module = load(path, code_of)
    function = getattr(module, function_name, None)
    if not callable(function):
        sys.exit(missing(module, function_name))
    value = function(*args) if takes_positional(function, directory) else function()
    if is_awaitable(value):
        value = awaited(value, directory)
    if value is not None:
        sys.stdout.write(value if isinstance(value, str) else compact_json(value, directory))
        sys.stdout.flush()


class Mark:
    """The value of RUNNEL_RUN_ID in the environment that others see in /proc: it tells whose process this is."""

    def __init__(self):
        with open("/proc/self/stat", "rb") as stat:
            fields = stat.read().rpartition(b")")[2].split()
        begin, end = int(fields[47]), int(fields[48])
        self.memory = os.open("/proc/self/mem", os.O_RDWR | os.O_CLOEXEC)
        self.place = begin + os.pread(self.memory, end - begin, begin).index(NO_RUN) + len("RUNNEL_RUN_ID=")
        self.write(NO_RUN.partition(b"=")[2])

    def write(self, run_id):
        os.pwrite(self.memory, run_id, self.place)

    def close(self):
        os.close(self.memory)


def state(path):
    try:
        found = os.stat(path)
    except OSError:
        return None
    return found.st_dev, found.st_ino, found.st_mtime_ns, found.st_size


def installation():
    """The files that decide what an interpreter is when it has started, and how they are now."""
    paths = [sys.executable, os.path.join(sys.prefix, "pyvenv.cfg"), *sys.path[1:]]
    paths += [getattr(module, "__file__", None) for module in sys.modules.values()]
    paths.append(getattr(sys.modules.get("site"), "USER_SITE", None))
    for directory in sys.path[1:]:
        if directory.endswith("-packages") and os.path.isdir(directory):
            paths += [os.path.join(directory, name) for name in os.listdir(directory) if name.endswith(".pth")]
    return {path: state(path) for path in paths if path}


def awaited_job(main_file):
    """The arguments after "call" of the run that this process is for."""
    try:
        mark, before = Mark(), installation()
    except Exception:
        # Then the interpreter is started anew.
        mark = before = None
    message = b""
    while chunk := os.read(JOB, 65536):
        message += chunk
    length, _, text = message.partition(b"\0")
    if length != b"%d" % len(text):
        os._exit(0)
    os.close(JOB)
    count, *words = text.split(b"\0")
    variables, arguments = words[: int(count)], [os.fsdecode(word) for word in words[int(count) :]]
    for variable in variables:
        name, _, value = variable.partition(b"=")
        os.environb[name] = value
    if before is None or any(state(path) != then for path, then in before.items()):
        os.execv(sys.executable, [sys.executable, main_file, "call", *arguments])
    mark.write(os.environb[b"RUNNEL_RUN_ID"])
    mark.close()
    if hasattr(sys, "orig_argv"):
        sys.orig_argv[1:] = [main_file, "call", *arguments]
    return arguments


def start(main_file, code_of):
    mode, *words = sys.argv[1:]
    path, detail, *args = words if mode != "wait" else awaited_job(main_file)
    library = os.path.dirname(main_file)
    importable(library)
    if mode == "decide":
        wanted = wants_call(path)
        with open(detail, "w", encoding="ascii") as note:
            note.write("call" if wanted else "program")
        if not wanted:
            os.execv(sys.executable, [sys.executable, path, *args])
        detail = "main"
    sys.argv = [os.path.basename(path), *args]
    if sys.path and sys.path[0] == library:
        sys.path[0] = os.path.dirname(path)
    try:
        call(path, detail, args, code_of)
    except Exception as failure:
        # The script's own frames only.
        frames = failure.__traceback__
        while frames is not None and frames.tb_frame.f_code.co_filename != path:
            frames = frames.tb_next
        failure.__traceback__ = frames
        sys.excepthook(type(failure), failure, frames)
        sys.exit(1)
