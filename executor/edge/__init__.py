"""The public port: reads HTTP, sends run URLs to workers and everything else to the console."""
