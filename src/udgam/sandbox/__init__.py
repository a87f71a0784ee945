"""The sandbox: a fictional cast and stand-ins for the outside world, each speaking the real protocol on loopback.

Nothing here is worth anything outside the machine it runs on. Every stand-in calls
`udgam.sandbox.guard.refuse_outside_sandbox` before it opens a port, so none of them starts under production settings.
"""
