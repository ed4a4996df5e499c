"""The cases, by what they are about."""

from tests.clients.differential.table import context, errors, forms, requests, responses, results, storage

CASES = (
    *forms.CASES,
    *context.CASES,
    *results.CASES,
    *errors.CASES,
    *requests.CASES,
    *responses.CASES,
)

# Those that need the whole server, and a few of each kind over the whole way.
SERVED = (*storage.CASES, *CASES[::9])
