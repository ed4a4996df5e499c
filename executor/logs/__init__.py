"""Log lines and invocation records on their way from a worker to the console."""
