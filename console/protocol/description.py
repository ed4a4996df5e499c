from django.http import JsonResponse

from console.protocol.ask import Ask


def describe(_ask: Ask) -> JsonResponse:
    """Empty: the clients sign nobody in, they bring a token."""
    return JsonResponse({})
