"""Readers, one per raw form, behind one interface: bytes on disk in, `RawRecord`s out.

No page is understood here and nothing is dropped: what is no page leaves with a reason.
"""
