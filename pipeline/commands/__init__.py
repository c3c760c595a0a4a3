"""One module per command: options in, a request to the stages, a summary for people out.

No work of the pipeline is done here, and nothing heavy is imported before a command needs it.
"""
