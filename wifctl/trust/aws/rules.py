"""The AWS rules by id, as Google documents them."""

from __future__ import annotations

from datetime import timedelta

from wifctl.trust.documents import OTHER_CLOUDS
from wifctl.trust.rulebook import Rulebook

MAX_AGE = timedelta(minutes=15)
"""x-amz-date may be this old and no older; exactly this old is accepted."""

RULES = Rulebook(
    "AWS token",
    OTHER_CLOUDS,
    {
        "AWS-1": "the token is URL-encoded JSON with url, method and headers",
        "AWS-2": "the url is https to sts.amazonaws.com or its regional form, without a port",
        "AWS-3": "the query is exactly Action=GetCallerIdentity and a Version",
        "AWS-4": "the method is POST",
        "AWS-5": "the headers are exactly the four that Google wants, and the session token",
        "AWS-6": "x-goog-cloud-target-resource is the provider's full resource name",
        "AWS-7": "x-amz-date is at most 15 minutes old and not in the future",
        "AWS-8": "AWS accepts the signed request",
        "AWS-9": "the caller's account is the provider's accountId",
    },
)
