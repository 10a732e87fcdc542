"""Models of the shared app, one file a topic."""

from .clock import BusinessClock
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
    "BusinessClock",
    "ChunkState",
    "DefinitionState",
    "FormToken",
    "Note",
    "NumberSeries",
    "ParkedItem",
    "Run",
    "RunChunk",
    "RunDefinition",
    "RunScope",
    "RunState",
    "Schedule",
]
