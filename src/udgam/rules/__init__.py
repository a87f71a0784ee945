"""What may be certified, by whom and when.

This room is pure: it reads its arguments and its own data files and answers. It never opens a connection, reads a clock,
draws a random number or writes a log line, so an auditor can read the law of the platform without reading a framework.
"""
