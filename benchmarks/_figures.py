"""How a figure is printed: one line, lower is better, the exit status says whether all were reached."""

import sys

missed: list[str] = []


def figure(name: str, ratio: float, target: float) -> None:
    """Print one figure. An absolute limit is given as measured/limit with target 1."""
    print(f"figure: {name} ratio={ratio:.3f} target={target:g}", flush=True)
    if ratio > target:
        missed.append(name)


def end() -> None:
    """Leave with 1 when a figure missed its target."""
    if missed:
        print(f"missed: {', '.join(missed)}", file=sys.stderr)
    sys.exit(1 if missed else 0)
