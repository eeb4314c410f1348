"""Adds two numbers.

Nothing at module level uses main, so Runnel calls it with the run's arguments, which are strings,
and what it returns becomes the output.
"""


def number(text):
    try:
        return int(text)
    except ValueError:
        return float(text)


def main(a, b):
    return number(a) + number(b)
