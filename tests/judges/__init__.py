"""Judges of pages that come from elsewhere: Lighthouse, vnu, html-validate, over a demo of their own.

`make lighthouse`, `make validate`: too slow, and too much to install, for `make test`.
"""
