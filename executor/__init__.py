"""The executor: runs webtasks in sandboxed workers behind one public port. Knows no Django."""
