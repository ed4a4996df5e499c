from django.db import models

from console.webtasks.models import Webtask


class Document(models.Model):
    """What a webtask stores: one JSON text, for all of its versions. Each write has an etag of its own."""

    webtask = models.OneToOneField(Webtask, on_delete=models.CASCADE, primary_key=True)
    text = models.TextField()
    etag = models.CharField(max_length=32)
    saved_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"the document of {self.webtask}"
