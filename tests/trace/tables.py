"""The rules of each runtime."""

from executor.sandbox.allowances import NODE, PYTHON
from executor.sandbox.refusals import DEADLY, FORBIDDEN

TABLES = {"node": (*NODE, *FORBIDDEN, *DEADLY), "python": (*PYTHON, *FORBIDDEN, *DEADLY)}
