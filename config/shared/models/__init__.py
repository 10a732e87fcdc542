"""Models of the shared app, one file a topic."""

from .clock import BusinessClock
from .files import Attachment
from .imports import ImportBatch, ImportMode, ImportRow, ImportState, RowOutcome
from .notes import Note
from .numbers import NumberSeries
from .runs import (
    LIVE_STATES,
    ChunkState,
    DefinitionState,
    ParkedItem,
    Run,
    RunChunk,
    RunDefinition,
    RunScope,
    RunState,
    Schedule,
)
from .tokens import FormToken

__all__ = [
    "LIVE_STATES",
    "Attachment",
    "BusinessClock",
    "ChunkState",
    "DefinitionState",
    "FormToken",
    "ImportBatch",
    "ImportMode",
    "ImportRow",
    "ImportState",
    "Note",
    "NumberSeries",
    "ParkedItem",
    "RowOutcome",
    "Run",
    "RunChunk",
    "RunDefinition",
    "RunScope",
    "RunState",
    "Schedule",
]
