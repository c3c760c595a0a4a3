"""Object storage (S3 and what speaks like it) at both ends of a build: raw dumps copied in, finished tables copied out.

A build itself works on local files alone; nothing between the two ends knows of buckets.
"""
