"""Audits: was what was given named by the article, on the facts known that day?"""

from vhkg.auditing.audits import audit, audit_document

__all__ = ["audit", "audit_document"]
