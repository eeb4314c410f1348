"""Arithmetic as a tool: every public function here can be called by name."""

OPERATIONS = {
    "add": lambda x, y: x + y,
    "subtract": lambda x, y: x - y,
    "multiply": lambda x, y: x * y,
    "divide": lambda x, y: x / y,
}


def calculate(x: float, y: float, operation: str = "add") -> float:
    """Applies an operation to two numbers.

    Args:
        x: the first number
        y: the second number
        operation: add, subtract, multiply or divide

    Returns:
        the result of the operation

    Raises:
        ValueError: if the operation is none of the four
        ZeroDivisionError: if y is 0 and the operation is divide
    """
    if operation not in OPERATIONS:
        raise ValueError(f"operation must be one of {', '.join(OPERATIONS)}, not {operation!r}")
    return OPERATIONS[operation](x, y)
