"""The one place for colours, type, spacing and the shapes of priorities (docs/screens: night and day)."""

from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtGui import QColor, QFont, QPalette
from PySide6.QtWidgets import QApplication, QWidget

from domain.alarm import Priority

FONT_FAMILY = "NanumGothic"
BASE_PX = 13  # desk text at scale 1.0
STEP = 4  # every distance is a multiple of this, in pixels at scale 1.0


class ThemeName(StrEnum):
    """Which of the two colour sets."""

    NIGHT = "night"
    DAY = "day"


@dataclass(frozen=True, slots=True)
class Colours:
    """One set: a grey field in which only the abnormal has colour. All are `#rrggbb`.

    Text, dim, accent and the priorities reach 4.5:1 against the surfaces that they are used on (WCAG 2.2 AA). `ink` is
    for text on a surface filled with a priority's colour or with the accent.
    """

    field: str
    pane: str
    raised: str
    line: str
    text: str
    dim: str
    accent: str
    critical: str
    high: str
    medium: str
    low: str
    ink: str

    def of(self, priority: Priority) -> str:
        """Return the colour of a priority; never used without its shape and word."""
        return {
            Priority.CRITICAL: self.critical,
            Priority.HIGH: self.high,
            Priority.MEDIUM: self.medium,
            Priority.LOW: self.low,
        }[priority]


NIGHT = Colours(
    field="#14181B",
    pane="#1C2125",
    raised="#262C31",
    line="#3A4248",
    text="#D7DCE0",
    dim="#98A2AA",
    accent="#7FB2D9",
    critical="#FF5D5D",
    high="#FFA23E",
    medium="#F2D14B",
    low="#9DB4C6",
    ink="#14181B",
)
DAY = Colours(
    field="#C9CDD0",
    pane="#D9DCDE",
    raised="#E6E8E9",
    line="#9AA1A7",
    text="#14181B",
    dim="#474F56",
    accent="#0F568A",
    critical="#A80F1E",
    high="#8A3D00",
    medium="#5E4900",
    low="#2F5069",
    ink="#E6E8E9",
)
_SETS = {ThemeName.NIGHT: NIGHT, ThemeName.DAY: DAY}

SHAPES = {Priority.CRITICAL: "■", Priority.HIGH: "▲", Priority.MEDIUM: "●", Priority.LOW: "◆"}


def apply_theme(app: QApplication, name: ThemeName = ThemeName.NIGHT, scale: float = 1.0) -> None:
    """Give the whole program its look. `scale` 1.0 to 2.0 multiplies all text; call again to change theme or scale."""
    colours = _SETS[name]
    app.setStyle("Fusion")
    font = QFont(FONT_FAMILY)
    font.setPixelSize(round(BASE_PX * scale))
    app.setFont(font)
    app.setPalette(_palette(colours))
    app.setStyleSheet(_style_sheet(colours, scale))


def colours_of(widget: QWidget) -> Colours:
    """Return the set that the widget is drawn in, known from its palette, so that a change needs no second wire."""
    return NIGHT if widget.palette().color(QPalette.ColorRole.Window).lightness() < 128 else DAY


def scaled(widget: QWidget, pixels: int) -> int:
    """Return a distance of scale 1.0 at the widget's own scale, known from its font."""
    size = widget.font().pixelSize()
    return round(pixels * size / BASE_PX) if size > 0 else pixels


def larger(widget: QWidget, times: float, *, bold: bool = False) -> QFont:
    """Return the widget's font at a multiple of its size."""
    font = QFont(widget.font())
    base = font.pixelSize() if font.pixelSize() > 0 else BASE_PX
    font.setPixelSize(round(base * times))
    font.setBold(bold)
    return font


def _palette(colours: Colours) -> QPalette:
    role, palette = QPalette.ColorRole, QPalette()
    for which, colour in {
        role.Window: colours.field,
        role.WindowText: colours.text,
        role.Base: colours.pane,
        role.AlternateBase: colours.field,
        role.Text: colours.text,
        role.Button: colours.raised,
        role.ButtonText: colours.text,
        role.BrightText: colours.text,
        role.Highlight: colours.accent,
        role.HighlightedText: colours.ink,
        role.Accent: colours.accent,
        role.Link: colours.accent,
        role.LinkVisited: colours.accent,
        role.ToolTipBase: colours.raised,
        role.ToolTipText: colours.text,
        role.PlaceholderText: colours.dim,
        role.Light: colours.line,
        role.Midlight: colours.raised,
        role.Mid: colours.line,
        role.Dark: colours.line,
        role.Shadow: colours.field,
    }.items():
        palette.setColor(which, QColor(colour))
    for which in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, which, QColor(colours.dim))
    return palette


def _style_sheet(colours: Colours, scale: float) -> str:
    c, step = colours, round(STEP * scale)
    return f"""
    QPushButton, QToolButton, QComboBox {{ background: {c.raised}; color: {c.text}; border: 1px solid {c.line};
        border-radius: 0; padding: {step}px {2 * step}px; }}
    QPushButton:hover, QToolButton:hover, QComboBox:hover {{ border-color: {c.dim}; }}
    QPushButton:focus, QToolButton:focus, QComboBox:focus {{ border: 2px solid {c.accent};
        padding: {step - 1}px {2 * step - 1}px; }}
    QPushButton:pressed, QPushButton:checked, QToolButton:pressed, QToolButton:checked
        {{ background: {c.accent}; color: {c.ink}; }}
    QPushButton:disabled, QToolButton:disabled, QComboBox:disabled {{ background: {c.pane}; color: {c.dim};
        border: 1px dashed {c.line}; }}
    QLineEdit, QPlainTextEdit {{ background: {c.field}; color: {c.text}; border: 1px solid {c.line};
        border-radius: 0; padding: {step}px; selection-background-color: {c.accent}; selection-color: {c.ink}; }}
    QLineEdit:focus, QPlainTextEdit:focus {{ border: 2px solid {c.accent}; padding: {step - 1}px; }}
    QLineEdit:disabled {{ color: {c.dim}; }}
    QRadioButton::indicator {{ width: {3 * step}px; height: {3 * step}px; border: 1px solid {c.dim};
        border-radius: {3 * step // 2}px; background: {c.field}; }}
    QRadioButton::indicator:checked {{ background: {c.accent}; }}
    QRadioButton::indicator:focus, QRadioButton:focus {{ color: {c.accent}; }}
    QTableView, QTreeView, QListView {{ background: {c.pane}; border: 0; outline: 0; }}
    QTableView:focus, QTreeView:focus, QListView:focus {{ border: 1px solid {c.accent}; }}
    QHeaderView {{ background: {c.pane}; border: 0; }}
    QHeaderView::section {{ background: {c.pane}; color: {c.dim}; border: 0; border-bottom: 1px solid {c.line};
        padding: {step // 2}px {step}px; }}
    QScrollBar:vertical {{ background: {c.pane}; width: {3 * step}px; margin: 0; }}
    QScrollBar:horizontal {{ background: {c.pane}; height: {3 * step}px; margin: 0; }}
    QScrollBar::handle {{ background: {c.line}; min-height: {6 * step}px; min-width: {6 * step}px; }}
    QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
    QScrollBar::add-page, QScrollBar::sub-page {{ background: {c.pane}; }}
    QSlider::groove:horizontal {{ background: {c.line}; height: {step}px; }}
    QSlider::handle:horizontal {{ background: {c.text}; width: {2 * step}px; margin: -{step}px 0; }}
    QSlider:focus {{ border: 1px solid {c.accent}; }}
    QSlider::handle:horizontal:focus {{ background: {c.accent}; }}
    QToolTip {{ background: {c.raised}; color: {c.text}; border: 1px solid {c.line}; padding: {step}px; }}
    QSplitter::handle {{ background: {c.field}; }}
    *[pane="true"] {{ background: {c.pane}; }}
    *[dim="true"] {{ color: {c.dim}; }}
    *[warn="true"] {{ color: {c.high}; }}
    *[severe="true"] {{ color: {c.critical}; }}
    """
