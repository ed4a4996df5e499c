"""The cases, by what they are about."""

from tests.clients.differential.table import context, errors, forms, requests, responses, results

CASES = (
    *forms.CASES,
    *context.CASES,
    *results.CASES,
    *errors.CASES,
    *requests.CASES,
    *responses.CASES,
)
