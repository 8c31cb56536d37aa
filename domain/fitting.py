"""Least squares with a dozen unknowns at most: Levenberg and Marquardt's way, in plain numbers."""

from collections.abc import Callable, Sequence

Residuals = Callable[[Sequence[float]], Sequence[float]]
"""Gives, for values of the unknowns, how far off each observation is, in multiples of what is usual for it."""

_ROUNDS = 60
_SMALL = 1e-6  # relative gain below which a round is the last
_NEXT_TO_NOTHING = 1e-12
_STEEPEST = 1e9  # of damping: then no step helps any more


def fitted(residuals: Residuals, start: Sequence[float], steps: Sequence[float]) -> tuple[float, ...]:
    """Return the values near `start` for which the sum of squares is least.

    `steps` are small changes of each unknown, by which its influence is measured. At least one observation or prior
    must depend on each unknown; one on which nothing depends stays as it was.
    """
    values = list(start)
    off = list(residuals(values))
    cost, damping = _square(off), 1e-3
    for _ in range(_ROUNDS):
        slopes = _slopes(residuals, values, off, steps)
        while True:
            tried = [value + change for value, change in zip(values, _change(slopes, off, damping), strict=True)]
            tried_off = list(residuals(tried))
            tried_cost = _square(tried_off)
            if tried_cost < cost or damping > _STEEPEST:
                break
            damping *= 10.0
        if not tried_cost < cost:  # so that a number that is none ends it too
            break
        gain, values, off, cost = cost - tried_cost, tried, tried_off, tried_cost
        damping = max(damping / 10.0, 1e-9)
        if gain <= _SMALL * cost:
            break
    return tuple(values)


def _square(numbers: Sequence[float]) -> float:
    return sum(number * number for number in numbers)


def _slopes(
    residuals: Residuals, values: Sequence[float], off: Sequence[float], steps: Sequence[float]
) -> list[list[float]]:
    """Return for each unknown how each residual changes with it."""
    slopes = []
    for index, step in enumerate(steps):
        beside = list(values)
        beside[index] += step
        slopes.append([(there - here) / step for there, here in zip(residuals(beside), off, strict=True)])
    return slopes


def _change(slopes: Sequence[Sequence[float]], off: Sequence[float], damping: float) -> list[float]:
    """Return the damped step: the solution of (JᵀJ + damping diag JᵀJ) step = -Jᵀr."""
    rows = [[sum(a * b for a, b in zip(one, other, strict=True)) for other in slopes] for one in slopes]
    for index, row in enumerate(rows):
        row[index] = row[index] * (1.0 + damping) or 1.0
        row.append(-sum(a * b for a, b in zip(slopes[index], off, strict=True)))
    return _solved(rows)


def _solved(rows: list[list[float]]) -> list[float]:
    """Return the solution of symmetric, positive definite equations (augmented rows), by Gauss's elimination.

    Such equations need no exchange of rows. A pivot that rounding took is put at next to nothing: the step that comes
    of it is refused by its cost.
    """
    size = len(rows)
    for index, row in enumerate(rows):
        row[index] = max(row[index], _NEXT_TO_NOTHING)
        for below in rows[index + 1 :]:
            share = below[index] / row[index]
            for column in range(index, size + 1):
                below[column] -= share * row[column]
    solution = [0.0] * size
    for index in reversed(range(size)):
        rest = sum(rows[index][column] * solution[column] for column in range(index + 1, size))
        solution[index] = (rows[index][size] - rest) / rows[index][index]
    return solution
