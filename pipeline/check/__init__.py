"""Row rules (valid rows and a quarantine) and set rules over whole tables, one result per rule.

The rules themselves are stated in schemas/; nothing is repaired here.
"""
