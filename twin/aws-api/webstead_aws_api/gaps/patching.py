"""How a patch is put on moto, and the list of all of them."""

from collections.abc import Callable
from functools import wraps
from typing import Any

PATCHES: dict[str, str] = {}
"""Every patch by name (file.function) with the first line of its docstring. The tests
compare this list with theirs: a patch without its two tests fails the suite."""


def around(owner: Any, attribute: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Replace the function `owner.attribute` by one that gets the original as its first
    argument. Raises AttributeError when moto no longer has it: the patch is then to be
    looked at again."""
    original = getattr(owner, attribute)

    def put(function: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(original)
        def patched(*arguments: Any, **named: Any) -> Any:
            return function(original, *arguments, **named)

        setattr(owner, attribute, patched)
        _note(function)
        return function

    return put


def added(owner: Any, attribute: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Add the method `owner.attribute`, which moto does not have."""

    def put(function: Callable[..., Any]) -> Callable[..., Any]:
        setattr(owner, attribute, function)
        _note(function)
        return function

    return put


def computed(owner: Any, attribute: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Compute `owner.attribute` whenever it is read; what moto assigns to it is ignored."""

    def put(function: Callable[..., Any]) -> Callable[..., Any]:
        setattr(owner, attribute, property(function, lambda self, value: None))
        _note(function)
        return function

    return put


def _note(function: Callable[..., Any]) -> None:
    if not function.__doc__:
        raise TypeError(f"{function.__qualname__} needs a docstring: which behaviour of AWS does it restore?")
    name = f"{function.__module__.rsplit('.', 1)[-1]}.{function.__name__}"
    PATCHES[name] = function.__doc__.strip().splitlines()[0]
