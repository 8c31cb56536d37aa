"""How long the end takes, with 16 live tiles: the engine's close, a wall with its engine, and the whole console."""

from bench.common import Table, median
from bench.wall_parts.setting import Setting

TILES = 16
_WORKED_S = 2.0


def run(setting: Setting) -> Table:
    """Measure the three."""
    closes, walls, consoles, pictures = [], [], [], []
    for _ in range(setting.runs):
        wall = setting.role_to_end("ending", TILES, window_s=_WORKED_S)
        closes.append(wall.figures["close_ms"])
        walls.append(wall.gone_after_s)
        whole = setting.role_to_end("console", TILES, window_s=_WORKED_S)
        consoles.append(whole.gone_after_s)
        pictures.append(whole.figures["pictures_after_sign_in_s"])
    figures = {
        "close_ms": median(closes),
        "wall_s": median(walls),
        "console_s": median(consoles),
        "pictures_after_sign_in_s": median(pictures),
    }
    targets = {"close_ms": ("<=", 200.0), "wall_s": ("<=", 2.0), "console_s": ("<=", 2.0)}
    setting.enter("ending", figures, targets)
    row = [
        f"{figures['close_ms']:.0f}",
        f"{figures['wall_s']:.2f}",
        f"{figures['console_s']:.2f}",
        f"{figures['pictures_after_sign_in_s']:.2f}",
    ]
    heading = ["engine close ms", "wall and engine gone s", "console gone s", "(16 pictures after sign-in s)"]
    return Table("The end, with 16 live tiles", heading, [row])
