"""How large a set of packages may be, and how long its installation may take. docs/modules.md says the same."""

MIB = 1 << 20
# All its files together, and as what travels.
BYTES = 192 * MIB
FILES = 30_000
ARCHIVE_BYTES = 64 * MIB
SECONDS = 120.0
# What npm needs beside: its cache of what it has fetched.
SCRATCH_BYTES = 2 * BYTES
SCRATCH_FILES = 3 * FILES
# Of what npm says.
OUTPUT_LINES = 1_000
LINE_CHARACTERS = 1_000
# The lock and the versions, as JSON.
HEAD_BYTES = 16 * MIB
