"""The walls of a worker: policy as data, a zygote that applies it, an asyncio client of that zygote.

The zygote imports this package, so nothing here may import more than the standard library.
"""
