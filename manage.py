#!/usr/bin/env python
"""Django's command line. Without DJANGO_SETTINGS_MODULE it works on the sandbox."""

from udgam.web.manage import main

if __name__ == "__main__":
    main()
