"""Every diagnostic code, and what it means in one line."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

_YAML = {
    "yaml-alias": "an alias names no anchor before it, or stands inside its own",
    "yaml-alias-bomb": "aliases multiply beyond reason",
    "yaml-comment-in-expression": "a ` #` ends an expression, because YAML reads a comment there",
    "yaml-control-character": "a character YAML does not allow, e.g. NUL",
    "yaml-depth": "collections are nested too deeply",
    "yaml-duplicate-key": "one mapping has a key twice",
    "yaml-encoding": "the text is not UTF-8",
    "yaml-key": "a key is empty, or is no text",
    "yaml-leading-exclamation": "a value starts with ! and so is a tag to YAML",
    "yaml-leading-quote": "a value starts with a quoted part and goes on behind it",
    "yaml-merge": "a merge key << stands on something that is no mapping",
    "yaml-octal": "a number with a leading zero, which YAML readers read differently",
    "yaml-syntax": "the text is no YAML",
    "yaml-tab": "a tab stands where YAML allows only spaces",
    "yaml-tag": "an explicit tag, e.g. !!str",
    "yaml-too-large": "the text is larger than any manifest needs to be",
    "yaml-unquoted-braces": "{{ … }} without quotes around the value",
}

_FILES = {
    "bad-set": "a --set or WIFCTL_VAR_ without a usable name or value",
    "empty-file": "a manifest file holds no document",
    "file-outside": "a path leads out of the folder it must stay in",
    "no-manifests": "a folder holds no manifest",
    "no-such-file": "a path does not exist",
    "one-document": "a file that may hold one document holds several",
    "unreadable-file": "a file cannot be read, or is no text",
}

_TEMPLATES = {
    "bad-stack": "a stack template is incomplete or wrong",
    "template-failed": "a template expression fails, or gives no plain value",
    "template-refused": "the sandbox does not allow what a template does",
    "template-syntax": "a template does not parse",
    "unknown-stack": "no stack template has this name",
    "unknown-value": "a template uses a value nobody gives",
}

_DOCUMENTS = {
    "absent-referenced": "a document that stays names one that is to be removed",
    "ambiguous-reference": "a reference may mean several documents",
    "bad-reference": "a reference looks like a resource name and is none",
    "cycle": "objects need each other in a ring",
    "duplicate-identity": "two documents declare one object",
    "duplicate-name": "two documents of one kind and project have one name",
    "empty": "a text or list is empty where something is needed",
    "missing-field": "a field that is needed is missing",
    "not-a-manifest": "a YAML document that is no manifest at all, e.g. a values file",
    "no-project": "neither a document nor the defaults say the project",
    "not-allowed": "a value is none of those allowed",
    "out-of-range": "a number or duration is outside its bounds",
    "too-long": "a text is longer than Google takes",
    "too-many": "more items than Google takes",
    "unknown-field": "a field the document or block does not have",
    "unknown-kind": "a kind wifctl does not know",
    "unknown-reference": "a reference leads to nothing that was loaded",
    "wrong-api-version": "apiVersion is not one wifctl knows",
    "wrong-kind": "a reference leads to a document or object of another kind",
    "wrong-type": "a value has the wrong type",
}

_SPECS = {
    "bad-attribute": "an attribute name Google does not take",
    "bad-certificate": "a PEM text is not exactly one CA certificate",
    "bad-duration": "a text is no duration in seconds",
    "bad-expression": "a CEL expression does not compile, or gives the wrong type",
    "bad-format": "a text is not of the form the field wants",
    "bad-id": "a resource id Google does not take",
    "bad-jwks": "a JSON Web Key Set Google does not take",
    "bad-label": "a label key or value Google does not take",
    "bad-member": "a member is no member, or several at once",
    "bad-metadata": "SAML metadata Google does not take",
    "bad-name": "a name is not of the form it needs",
    "bad-principal": "a principal:// or principalSet:// of a pool is spelled wrongly",
    "bad-project": "a text is neither a project id nor a project number",
    "bad-role": "a text is no role",
    "bad-service": "a text is no service name",
    "bad-time": "a text is no RFC 3339 time",
    "bad-url": "a text is no URL the field takes",
    "condition-required": "an issuer serves everybody, and no condition pins the tenant",
    "conflicting-fields": "two fields, or a field and a mode, exclude each other",
    "duplicate-value": "a value that must be unique in its list is there twice",
    "exactly-one-of": "exactly one of several fields was wanted",
    "missing-subject": "a provider's mapping lacks google.subject",
    "not-checked": "something could not be checked on this machine",
    "project-id-in-principal": "a principal carries a project id where only a number matches",
    "unknown-service-agent": "wifctl does not know the agent of this service",
    "unmapped-attribute": "a principal uses an attribute no provider of the pool maps",
    "wrong-value": "a value of the right type that makes no sense here",
}

_PLAN = {
    "bad-plan-file": "a file is no plan wifctl wrote, or was changed since",
    "immutable-field": "Google cannot change this field in place",
    "lockout": "a removal would take the caller's own access away",
    "mass-removal": "a plan removes more than it may without being told to",
    "missing-target": "a grant's target does not exist, and no document declares it",
    "moved": "a live object changed since the plan was saved",
    "moved-elsewhere": "something a saved plan leaves alone changed since it was saved",
    "not-read": "something could not be read from Google, so that nothing is said about it",
    "no-enabled-version": "`version: newest` of a secret that has no enabled version",
    "not-targeted": "--target leaves authoritative removals undone",
    "other-target": "a saved plan was made for another target",
    "plan-differs": "the manifests lead to other steps than the plan file holds",
    "prevent-destroy": "an object that may not be destroyed is to be removed",
    "project-number-unknown": "a project number is needed and nothing says it",
    "secret-destroy": "destroy would delete a secret, which nothing undoes",
    "soft-deleted": "a wanted object is soft-deleted, and its document says to fail then",
    "unknown-number": "Resource Manager does not say the number of a project",
}

_PAYLOADS = {
    "payload-empty": "a secret's payload source is empty",
    "payload-missing": "a secret's payload source is not there",
    "payload-newline": "a payload ends with a newline that would be sent too",
    "payload-stdin": "two secrets of one run read standard input",
    "payload-too-long": "a payload is longer than Secret Manager takes",
}

_TARGET = {
    "api-error": "Google answered a call with an error",
    "bad-universe-domain": "a universe domain that is no domain",
    "credentials-refused": "the credentials were refused",
    "emulator-port-in-use": "another program listens on the emulator's port",
    "emulator-outside": "what the emulator was told of the world outside does not hold together",
    "emulator-state-in-use": "another process holds the emulator's state",
    "emulator-state-unreadable": "the emulator's state file is damaged or of another program",
    "emulator-switches": "a switch the emulator was to start with is unknown or of the wrong kind",
    "endpoint-not-loopback": "an endpoint that is not on this machine",
    "endpoint-unreachable": "nothing answers at an endpoint",
    "installation-incomplete": "files that belong to wifctl are missing",
    "no-credentials": "no credentials were found",
    "not-a-state": "a file is no state of the emulator",
    "state-in-use": "the local target's state is in use",
    "universe-mismatch": "the credentials belong to another universe",
}

_CREDENTIALS = {
    "client-config": "a package client configuration cannot be made from what was given",
    "cred-config-doubtful": "a value of a credential configuration will probably not work",
    "cred-config-dropped": "an option has no effect on the credential configuration",
    "cred-config-refused": "a credential configuration cannot be made, and gcloud refuses it too",
    "credential-file": "a file is no credential configuration",
    "executable-not-allowed": "a credential configuration runs a program, and that is not allowed",
    "extra-not-installed": "a feature needs an optional package",
    "simulate-issuer": "the issuer catalogue has no such issuer",
    "simulate-value": "tokens of an issuer have no such parameter or claim",
    "token-refused": "Google refused to exchange a token or to impersonate an account",
    "token-unavailable": "a token from outside could not be obtained",
    "workflow-system": "no workflow template for this system",
    "workflow-template": "a workflow template cannot be rendered",
    "workflow-value": "a value a workflow needs is missing or not of its form",
}

_PACKAGES = {
    "agent-without-access": "an agent may not read the secret its repository signs in with",
    "nothing-disabled": "a rotation left older versions of a secret enabled",
    "nothing-to-rotate": "a secret has no version to go on to, or back to",
    "pinned-version": "a manifest pins a version that a rotation has moved on from",
    "public-first": "a virtual repository prefers packages of an upstream to private ones",
    "unseen-repositories": "repositories of a project could not be listed",
    "unknown-location": "a repository's location is none Artifact Registry has",
}

_COMMANDS = {
    "cancelled": "the question was not answered with yes",
    "file-not-written": "a file could not be written",
    "git": "git could not say what the manifests were at a revision",
    "no-such-folder": "a folder given on the command line does not exist",
    "which-provider": "no provider was named, and there is not exactly one",
    "no-tests": "there is no TrustTest to run",
    "provider-not-loaded": "a test names a provider that was not loaded",
    "nobody-to-ask": "a question, and no terminal to answer it",
}

CODES: Final[Mapping[str, str]] = {
    **_YAML,
    **_FILES,
    **_TEMPLATES,
    **_DOCUMENTS,
    **_SPECS,
    **_PLAN,
    **_PAYLOADS,
    **_TARGET,
    **_CREDENTIALS,
    **_PACKAGES,
    **_COMMANDS,
}
"""Code → meaning."""
