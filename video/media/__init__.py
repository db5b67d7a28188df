"""The media server: an asyncio process that forwards packets."""
