"""The desk as a program: windows first, then everything else in stages, joined to the core once that stands."""

import argparse
import logging
import shutil
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path

from PySide6.QtCore import QLibraryInfo, QObject, Qt, QTimer, QTranslator, Signal, Slot
from PySide6.QtWidgets import QApplication

from console.case_presenter import CasePresenter
from console.clockwork import since_start_s
from console.core import Core
from console.desk_window import DeskWindow
from console.inbox import Inbox
from console.keys import Keys
from console.lateness import Lateness
from console.map_presenter import MapPresenter
from console.ptz_presenter import PtzPresenter, worth_a_warning
from console.resources import RESOURCES
from console.tasks import Lane, Tasks
from console.wall_presenter import WallPresenter
from domain.alarm import Alarm, Priority
from domain.camera import Camera
from domain.clock import Clock
from domain.errors import BadInputError, WatchroomError
from domain.incident import Incident
from domain.news import (
    AlarmChanged,
    EventTaken,
    IncidentChanged,
    LinkChanged,
    LinkName,
    MotionChanged,
    News,
    Notice,
    PictureChanged,
    ReadingsTaken,
    SyncProgress,
)
from domain.operator import Action, Operator
from domain.place import Place
from domain.record import Mode
from domain.text import Text, Wording

_log = logging.getLogger(__name__)

_BEAT_MS = 100  # ARCHITECTURE: the UI thread beats every 100 ms
_SLOW_MS = 1000  # status bar figures
_NEAR_M = 500.0  # cameras within this of a report are looked at (FEATURES: 112 patrol car video)
