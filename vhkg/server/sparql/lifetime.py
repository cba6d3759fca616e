"""The process that answers queries lives as long as the application."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from vhkg.server.service import Service


@asynccontextmanager
async def answering(service: Service) -> AsyncIterator[None]:
    """Load before the first query, which else would wait for it, and end all on the way out. Raises EngineError."""
    await asyncio.to_thread(service.queries.start)
    try:
        yield
    finally:
        await asyncio.to_thread(service.queries.close)
